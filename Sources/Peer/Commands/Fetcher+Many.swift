internal import P2PProtocol
internal import P2PRuntime

/// Many small contents together.
extension Fetcher {
    /// How many commands to an index may be without answer.
    private static let window = 256

    /// Downloads copies of contents that are small; `came` is given each one's number and what came of it as soon as the
    /// index knows.
    package func fetch(
        many contents: [FoundContent], from giver: PeerReference? = nil, isSerial: Bool = false,
        report: @escaping @Sendable (BatchProgress) -> Void,
        came: @escaping @Sendable (Int, Result<Fetched, any Error>) async -> Void
    ) async {
        // Those of which nothing has been said.
        var open = Array(contents.indices)
        do {
            var missing = try await batch(contents, open, from: giver, isSerial, report, came)
            open = missing.keys.sorted()
            // Once more, of those whom the index names now: somebody may have come, or gone and come back.
            if !open.isEmpty {
                let again = await refreshed(contents, open)
                missing = try await batch(again, open, from: giver, isSerial, report, came)
            }
            for (number, reasons) in missing.sorted(by: { $0.key < $1.key }) {
                let failure = reasons.isEmpty ? DownloadFailure.noSource : .allSourcesFailed(reasons)
                await came(number, .failure(failure))
            }
        } catch {
            for number in open { await came(number, .failure(error)) }
        }
    }

    /// Whether a content goes along with others.
    package static func isSmall(_ content: FoundContent) -> Bool {
        content.obstacle == nil && content.size.map { 0 < $0 && $0 <= Batch.largest } ?? false
    }

    /// Fetches those of the given numbers; why some could not be had, by number.
    private func batch(
        _ contents: [FoundContent], _ numbers: [Int], from giver: PeerReference?, _ isSerial: Bool,
        _ report: @escaping @Sendable (BatchProgress) -> Void,
        _ came: @escaping @Sendable (Int, Result<Fetched, any Error>) async -> Void
    ) async throws -> [Int: [String]] {
        guard !numbers.isEmpty, let target = library.folders.first else { return [:] }
        try RootedFolder.makeFolders(target.path)
        let folder = try RootedFolder(target.path)
        let book = HolderBook { holder in !roster.isSelf(holder) && (giver?.matches(holder) ?? true) }
        let requests = numbers.compactMap { number -> Batch.Request? in
            let content = contents[number]
            guard let root = content.root, let size = content.size else { return nil }
            let name = LocalName(component: Path.lastComponent(of: content.name)).bytes
            return Batch.Request(
                root: root, size: size, localName: name, sources: book.add(content.holders).filter { !$0.isPartial })
        }
        let needed = requests.reduce(0) { $0 &+ $1.size }
        let free = try await disk.run { try folder.freeBytes() }
        guard needed < free else { throw DownloadFailure.noSpace(needed: needed, free: free) }
        let batch = Batch(
            requests, into: folder, isSerial ? .serial : .parallel, disk: disk, received: received, pace: pace,
            report: report)
        let failures = try await batch.run(on: group.loops) { arrivals in
            let results = await take(arrivals, of: requests, from: contents, numbers, book, into: target.path)
            for (arrival, result) in zip(arrivals, results) { await came(numbers[arrival.item], result) }
        }
        return Dictionary(uniqueKeysWithValues: failures.map { (numbers[$0.key], $0.value) })
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
        let names = library.add(places, folder: 0)
        do {
            try await cache.keep(files)
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
        for number in numbers {
            guard let root = contents[number].root else { continue }
            contents[number].holders = await holders(of: root)
        }
        return contents
    }
}
