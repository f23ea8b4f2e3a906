internal import P2PProtocol
internal import P2PRuntime

/// What a peer does for the transfers of its queue.
struct TransferWork: Sendable {
    /// After so long a former owner is asked no more.
    private static let patience: Int64 = 7 * 86_400_000

    let fetcher: Fetcher
    /// Those that an earlier run has left.
    let restored: Set<Int>
    /// Where this peer's ownership is move, a file is moved if its owner allows.
    let isLending: Bool

    private var roster: IndexRoster { fetcher.roster }
    private var library: Library { fetcher.library }

    // MARK: Fetching

    func download(_ transfer: Transfer, _ reporter: TransferRunner.Reporter) async -> TransferQueue.Outcome {
        let order = transfer.order
        let answer = await fetcher.sources(of: order.root)
        let others = answer.answers.flatMap(\.value).filter { !roster.isSelf($0) }
        if let entry = await ownEntry(of: transfer) { return arrived(entry, transfer, from: others) }
        if Task.isCancelled { return .stopped }
        guard !answer.isEmpty else {
            return .failed(reason: answer.complaints.first ?? "no server is connected", mayPass: true)
        }
        let willing = others.filter { order.giver?.matches($0) ?? true }
        guard !willing.isEmpty else { return .failed(reason: Self.nobody(order), mayPass: true) }
        let giver = willing.first(where: \.source.isMovable)
        if order.ownership == .move, giver == nil {
            let reason = "who has it gives copies only; cancel it, and fetch it without moving it"
            return .failed(reason: reason, mayPass: false)
        }
        do {
            return try await fetch(
                order, from: willing, takingFrom: isLending || order.ownership == .move ? giver : nil, reporter)
        } catch DownloadFailure.stopped {
            return .stopped
        } catch {
            return Task.isCancelled ? .stopped : .failed(reason: "\(error)", mayPass: true)
        }
    }

    /// Fetches several that are small; `came` is told of each.
    func download(
        together transfers: [Transfer], _ withdrawals: BatchWithdrawals,
        _ report: @escaping @Sendable (Transfer.Progress) -> Void,
        _ came: @escaping @Sendable ([TransferRunner.Ending]) async -> Void
    ) async {
        let answers = await fetcher.sources(of: transfers.map(\.order.root))
        var wanted: [Transfer] = []
        var contents: [FoundContent] = []
        for transfer in transfers {
            let order = transfer.order
            let answer = answers[order.root] ?? GroupAnswer(answers: [], failures: [])
            let others = answer.answers.flatMap(\.value).filter { !roster.isSelf($0) }
            let willing = others.filter { order.giver?.matches($0) ?? true }
            if let entry = await ownEntry(of: transfer) {
                await came([(transfer.number, arrived(entry, transfer, from: others))])
            } else if answer.isEmpty {
                let reason = answer.complaints.first ?? "no server is connected"
                await came([(transfer.number, .failed(reason: reason, mayPass: true))])
            } else if willing.isEmpty {
                await came([(transfer.number, .failed(reason: Self.nobody(order), mayPass: true))])
            } else {
                wanted.append(transfer)
                contents.append(FoundContent(order, from: willing))
            }
        }
        let order = transfers.first?.order
        let manner = Fetcher.Manner(
            giver: order?.giver, target: order?.target, batch: .queued, withdrawals: withdrawals)
        await fetcher.fetch(many: contents, manner) { progress in
            report(Transfer.Progress(sources: 1, isDiskFull: progress.isDiskFull))
        } came: { [wanted] outcomes in
            await came(outcomes.map { (wanted[$0.number].number, Self.outcome($0.result)) })
        }
    }

    private static func outcome(_ result: Result<Fetcher.Fetched, any Error>) -> TransferQueue.Outcome {
        switch result {
        case .success(let fetched):
            .arrived(path: Path.absolute(fetched.path), debt: nil, note: fetched.warnings.first)
        case .failure(DownloadFailure.stopped): .stopped
        case .failure(let error): .failed(reason: "\(error)", mayPass: true)
        }
    }

    /// Of a move, `giver` is to let go of the file.
    private func fetch(
        _ order: TransferOrder, from holders: [Holder], takingFrom giver: Holder?, _ reporter: TransferRunner.Reporter
    ) async throws -> TransferQueue.Outcome {
        let reference = giver?.reference
        if let reference { try await reporter.pin(reference) }
        let content = FoundContent(order, from: holders)
        let arrival = try await fetcher.bring(
            content, as: giver == nil ? .copy : .move, from: order.giver, into: order.target
        ) { progress in
            reporter.progress(Transfer.Progress(progress))
        }
        let path = Path.absolute(arrival.path)
        if let reference {
            let debt = Transfer.Debt(path: path, name: arrival.name, giver: reference, since: .now)
            return .arrived(path: path, debt: debt, note: nil)
        }
        return .arrived(path: path, debt: nil, note: await fetcher.acknowledge(arrival))
    }

    private static func nobody(_ order: TransferOrder) -> String {
        guard let giver = order.giver else { return "nobody who has it is connected" }
        return "peer \(String(decoding: giver.text, as: UTF8.self)) is not connected, or does not have it"
    }

    /// A file in one of the folders that is it already.
    private func ownEntry(of transfer: Transfer) async -> LibraryEntry? {
        if let entry = library.entries(of: transfer.order.root).first { return entry }
        // The program may have been stopped between the file's arrival and the queue's hearing of it.
        guard restored.contains(transfer.number) else { return nil }
        let found = try? await fetcher.disk.run { [library] in
            library.unhashed().first { $0.size == transfer.order.size && library.hash($0) == transfer.order.root }
        }
        return found ?? nil
    }

    /// It was here before: of a move somebody may still have to let go of it.
    private func arrived(_ entry: LibraryEntry, _ transfer: Transfer, from others: [Holder]) -> TransferQueue.Outcome {
        let (path, order) = (Path.absolute(library.path(of: entry)), transfer.order)
        let movable = others.first { $0.source.isMovable && (order.giver?.matches($0) ?? true) }
        let known = order.ownership == .move ? movable : nil
        // Whoever was pinned gave it to an earlier run.
        guard let giver = transfer.giver ?? known?.reference else {
            return .arrived(path: path, debt: nil, note: Transfer.wasHere)
        }
        let debt = Transfer.Debt(path: path, name: entry.name, giver: giver, since: .now)
        return .arrived(path: path, debt: debt, note: nil)
    }

    // MARK: Moving

    func settle(_ transfer: Transfer, _ debt: Transfer.Debt) async -> TransferRunner.Settlement {
        let settlement = await fetcher.settle(transfer.order.root, debt)
        guard case .again(let reason) = settlement else { return settlement }
        let age = WallClock.now.milliseconds - debt.since.milliseconds
        guard age > Self.patience else { return settlement }
        return .over(note: "its former owner may still have it: \(reason)")
    }

    // MARK: Cancelling

    /// Removes the unfinished file and its journal: names that only we make.
    func clean(_ transfer: Transfer) async {
        let (root, target) = (transfer.order.root, transfer.order.target)
        guard let folder = target ?? library.folders.first?.path else { return }
        // The last pieces on their way let go of it soon; another program may not.
        for _ in 0..<200 {
            let isGone = try? await fetcher.disk.run { try PartFile.discard(root, in: folder) }
            if isGone ?? true { return }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }
}

extension FoundContent {
    fileprivate init(_ order: TransferOrder, from holders: [Holder]) {
        self.init(name: order.name, size: order.size, root: order.root, holders: holders)
        folder = order.folder
    }
}

extension Path {
    /// For whoever asks from another folder.
    static func absolute(_ path: Bytes) -> Bytes {
        path.first == UInt8(ascii: "/") ? path : (try? resolved(path)) ?? path
    }
}

extension Transfer.Progress {
    init(_ progress: DownloadProgress) {
        self.init(
            done: progress.done, bytesPerSecond: progress.bytesPerSecond, sources: progress.sources.count,
            isDiskFull: progress.isDiskFull)
    }
}
