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

    func download(
        _ transfer: Transfer, _ report: @escaping @Sendable (Transfer.Progress) -> Void
    ) async -> TransferQueue.Outcome {
        let order = transfer.order
        let answer = await fetcher.sources(of: order.root)
        let others = answer.answers.flatMap(\.value).filter { !roster.isSelf($0) }
        if let entry = await ownEntry(of: transfer) { return arrived(entry, order, from: others) }
        if Task.isCancelled { return .stopped }
        guard !answer.isEmpty else {
            return .failed(reason: answer.complaints.first ?? "no server is connected", mayPass: true)
        }
        let willing = others.filter { order.giver?.matches($0) ?? true }
        guard !willing.isEmpty else { return .failed(reason: Self.nobody(order), mayPass: true) }
        if order.ownership == .move, !willing.contains(where: \.source.isMovable) {
            let reason = "who has it gives copies only; cancel it, and fetch it without moving it"
            return .failed(reason: reason, mayPass: false)
        }
        let isMove = order.ownership == .move || (isLending && willing.contains(where: \.source.isMovable))
        let content = FoundContent(name: order.name, size: order.size, root: order.root, holders: willing)
        do {
            let arrival = try await fetcher.bring(
                content, as: isMove ? .move : .copy, from: order.giver, into: order.target
            ) { progress in
                report(Transfer.Progress(progress))
            }
            return await arrived(arrival, isMove: isMove)
        } catch DownloadFailure.stopped {
            return .stopped
        } catch {
            return Task.isCancelled ? .stopped : .failed(reason: "\(error)", mayPass: true)
        }
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
    private func arrived(_ entry: LibraryEntry, _ order: TransferOrder, from others: [Holder]) -> TransferQueue.Outcome
    {
        let path = Self.absolute(library.path(of: entry))
        let giver = others.first { $0.source.isMovable && (order.giver?.matches($0) ?? true) }
        guard order.ownership == .move, let giver else {
            return .arrived(path: path, debt: nil, note: "it was here already")
        }
        return .arrived(path: path, debt: Self.debt(to: giver, for: path, entry.name), note: nil)
    }

    private func arrived(_ arrival: Fetcher.Arrival, isMove: Bool) async -> TransferQueue.Outcome {
        let path = Self.absolute(arrival.path)
        if isMove {
            return .arrived(path: path, debt: Self.debt(to: arrival.giver, for: path, arrival.name), note: nil)
        }
        return .arrived(path: path, debt: nil, note: await fetcher.acknowledge(arrival))
    }

    /// Its user may ask from any folder.
    private static func absolute(_ path: Bytes) -> Bytes {
        path.first == UInt8(ascii: "/") ? path : (try? Path.resolved(path)) ?? path
    }

    private static func debt(to giver: Holder, for path: Bytes, _ name: Name?) -> Transfer.Debt {
        Transfer.Debt(
            path: path, name: name, giver: PeerReference(id: giver.source.id, server: giver.server), since: .now)
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

extension Transfer.Progress {
    init(_ progress: DownloadProgress) {
        self.init(
            done: progress.done, bytesPerSecond: progress.bytesPerSecond, sources: progress.sources.count,
            isDiskFull: progress.isDiskFull)
    }
}
