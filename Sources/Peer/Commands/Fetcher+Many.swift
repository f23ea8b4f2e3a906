internal import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// Many small contents together.
extension Fetcher {
    /// How many commands to an index may be without answer.
    private static let window = 256

    /// How many questions for holders may be.
    private static let questions = 64

    /// How many small contents are fetched, and where to.
    package struct Manner: Sendable {
        var giver: PeerReference?
        /// Nil for where downloads go.
        var target: Bytes?
        var batch = Batch.Manner.parallel
        var withdrawals: BatchWithdrawals?
    }

    /// What came of contents, by their numbers.
    package typealias Outcomes = [(number: Int, result: Result<Fetched, any Error>)]

    /// Downloads copies of contents that are small; `came` is told of each one once, as soon as the index knows. Of
    /// what was taken out meanwhile nothing may be said.
    package func fetch(
        many contents: [FoundContent], _ manner: Manner = Manner(),
        report: @escaping @Sendable (BatchProgress) -> Void, came: @escaping @Sendable (Outcomes) async -> Void
    ) async {
        let open = Mutex(Set(contents.indices))
        let tell: @Sendable (Outcomes) async -> Void = { outcomes in
            open.withLock { $0.subtract(outcomes.map(\.number)) }
            await came(outcomes)
        }
        do {
            let missing = try await batch(contents, contents.indices.sorted(), manner, report, tell)
            guard !missing.isEmpty else { return }
            // Once more, of those whom the index names now: somebody may have come, or gone and come back.
            let again = missing.keys.sorted().filter { number in
                contents[number].root.map { manner.withdrawals?.contains($0) != true } ?? false
            }
            let rest = try await batch(await refreshed(contents, again), again, manner, report, tell)
            await tell(
                rest.sorted { $0.key < $1.key }.map { number, reasons in
                    (number, .failure(reasons.isEmpty ? DownloadFailure.noSource : .allSourcesFailed(reasons)))
                })
        } catch {
            // What has come has come: the others are named, and nobody else.
            let failure = error
            await tell(open.withLock { $0.sorted() }.map { ($0, .failure(failure)) })
        }
    }

    /// Whether a content goes along with others.
    package static func isSmall(_ content: FoundContent) -> Bool {
        content.obstacle == nil && content.size.map { 0 < $0 && $0 <= Batch.largest } ?? false
    }

    /// Fetches those of the given numbers; why some could not be had, by number.
    private func batch(
        _ contents: [FoundContent], _ numbers: [Int], _ manner: Manner,
        _ report: @escaping @Sendable (BatchProgress) -> Void, _ tell: @escaping @Sendable (Outcomes) async -> Void
    ) async throws -> [Int: [String]] {
        guard !numbers.isEmpty, let target = manner.target ?? library.folders.first?.path else { return [:] }
        let (folder, room) = try await disk.run {
            try RootedFolder.makeFolders(target)
            let folder = try RootedFolder(target)
            return (folder, try folder.room())
        }
        let book = HolderBook { holder in !roster.isSelf(holder) && (manner.giver?.matches(holder) ?? true) }
        var fitting: [Int] = []
        var requests: [Batch.Request] = []
        var (bytes, files) = (0, 0)
        var tooLarge: Outcomes = []
        for number in numbers {
            let content = contents[number]
            guard let root = content.root, let size = content.size else { continue }
            guard room.takes(bytes + size, files: files + 1) else {
                tooLarge.append((number, .failure(DownloadFailure.noSpace(needed: bytes + size, room: room))))
                continue
            }
            bytes += size
            files += 1
            fitting.append(number)
            requests.append(
                Batch.Request(
                    root: root, size: size, localName: content.localName,
                    sources: book.add(content.holders).filter { !$0.isPartial }))
        }
        if !tooLarge.isEmpty { await tell(tooLarge) }
        let batch = Batch(
            requests, into: folder, manner.batch, disk: disk, received: received, pace: pace,
            withdrawals: manner.withdrawals, passes: passes(by: book), report: report)
        let failures = try await batch.run(on: group.loops) { [requests, fitting] arrivals in
            let results = await take(arrivals, of: requests, from: contents, fitting, book, into: target)
            await tell(zip(arrivals, results).map { (fitting[$0.item], $1) })
        }
        return Dictionary(uniqueKeysWithValues: failures.map { (fitting[$0.key], $0.value) })
    }

    /// Shares what has come and tells the indexes, all of it in one go.
    private func take(
        _ arrivals: [Batch.Arrival], of requests: [Batch.Request], from contents: [FoundContent], _ numbers: [Int],
        _ book: HolderBook, into folder: Bytes
    ) async -> [Result<Fetched, any Error>] {
        var files: [HashedFile] = []
        var places: [(path: Bytes, identity: FileIdentity, root: Digest)] = []
        for arrival in arrivals {
            guard case .success(let file) = arrival.file else { continue }
            let request = requests[arrival.item]
            places.append((file.path, file.identity, request.root))
            guard let layer = PieceLayer(wire: request.root.bytes, size: request.size, root: request.root) else {
                continue
            }
            files.append(HashedFile(identity: file.identity, root: request.root, layer: layer))
        }
        let shared = library.folders.firstIndex { $0.path == folder }
        let names = shared.map { library.add(places, folder: $0) } ?? [:]
        do {
            if shared != nil { try await cache.keep(files) }
        } catch {
            log.error("cache.failed", ["reason": "\(error)"])
        }
        var results: [Result<Fetched, any Error>] = []
        var orders: [Order] = []
        for arrival in arrivals {
            switch arrival.file {
            case .failure(let failure): results.append(.failure(failure))
            case .success(let file):
                let content = contents[numbers[arrival.item]]
                let giver = arrival.giver.flatMap { giver in
                    content.holders.first { $0.source.endpoint == giver.endpoint } ?? book.holder(at: giver.endpoint)
                }
                guard let giver = giver ?? content.holders.first(where: { !roster.isSelf($0) }) else {
                    results.append(.failure(PeerFailure("the download names no giver")))
                    continue
                }
                let root = requests[arrival.item].root
                log.info(
                    "download.done",
                    ["root": root, "bytes": file.identity.size, "from": giver.source.id, "name": file.path])
                orders.append(Order(place: results.count, root: root, giver: giver, name: names[file.path] ?? nil))
                results.append(
                    .success(
                        Fetched(path: Path.join(folder, file.path), giver: giver, ownership: .copy, warnings: [])))
            }
        }
        await tell(orders, &results)
        return results
    }

    /// What an index is to be told of one file.
    private struct Order {
        /// Where its result stands.
        let place: Int
        let root: Digest
        let giver: Holder
        let name: Name?
    }

    /// Tells the indexes that contents are here now, without waiting for each answer.
    private func tell(_ orders: [Order], _ results: inout [Result<Fetched, any Error>]) async {
        var complaints: [(place: Int, text: String)] = []
        for start in stride(from: 0, to: orders.count, by: Self.window) {
            let portion = orders[start..<min(start + Self.window, orders.count)]
            let replies = portion.map { order -> PendingReply? in
                let acquisition = Acquisition(
                    content: .root(order.root), giver: order.giver.source.id, path: order.name, ownership: .copy)
                return roster.standing(at: order.giver.server)?.connection.send(
                    .update(.got(acquisition)), within: .seconds(25))
            }
            for (order, reply) in zip(portion, replies) {
                guard let reply else {
                    complaints.append((order.place, Self.unconnected(order.giver.server)))
                    continue
                }
                do throws(IndexFailure) {
                    _ = try await reply.reply
                } catch {
                    complaints.append((order.place, Self.untold(order.giver.server, error)))
                }
            }
        }
        for complaint in complaints {
            guard case .success(var fetched) = results[complaint.place] else { continue }
            fetched.warnings.append(complaint.text)
            results[complaint.place] = .success(fetched)
        }
    }

    /// The same contents with those who have them now.
    private func refreshed(_ contents: [FoundContent], _ numbers: [Int]) async -> [FoundContent] {
        var contents = contents
        let known = await sources(of: numbers.compactMap { contents[$0].root })
        for number in numbers {
            guard let root = contents[number].root, let answer = known[root] else { continue }
            contents[number].holders = answer.answers.flatMap(\.value)
        }
        return contents
    }

    /// Who has these contents now, as the indexes say; some of them are asked for at a time.
    func sources(of roots: [Digest]) async -> [Digest: GroupAnswer<[Holder]>] {
        var answers: [Digest: GroupAnswer<[Holder]>] = [:]
        for start in stride(from: 0, to: roots.count, by: Self.questions) {
            await withTaskGroup(of: (Digest, GroupAnswer<[Holder]>).self) { group in
                for root in roots[start..<min(start + Self.questions, roots.count)] {
                    group.addTask { (root, await sources(of: root)) }
                }
                for await (root, answer) in group { answers[root] = answer }
            }
        }
        return answers
    }
}
