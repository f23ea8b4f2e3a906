internal import P2PProtocol
internal import P2PRuntime

extension PeerApplication {
    /// Fetches a content with a progress line. Where this peer's ownership is move, it is moved if its owner allows.
    /// Nobody but `giver` is asked where there is one.
    func fetch(
        _ content: FoundContent, isMove: Bool, from giver: PeerReference? = nil
    ) async throws -> Fetcher.Fetched {
        let isLending = configuration.ownership == .move
        let isMovable = content.holders.contains { !roster.isSelf($0) && $0.source.isMovable }
        let ownership: Ownership = isMove || (isLending && isMovable) ? .move : .copy
        let display = ProgressDisplay(Path.lastComponent(of: content.name))
        defer { display.finish() }
        guard ownership == .move else {
            return try await fetcher.fetch(content, from: giver) { display.show($0) }
        }
        let arrival = try await fetcher.bring(content, as: .move, from: giver) { display.show($0) }
        display.finish()
        return await settle(arrival, of: content)
    }

    /// Goes on with a move of something that is here: an earlier one may have been stopped when the file had come, and its
    /// owner had not heard of it. Nil where nobody else who has it would let go of it.
    func move(_ content: FoundContent, at path: Bytes, from giver: PeerReference?) async -> Fetcher.Fetched? {
        let holder = content.holders.first { holder in
            !roster.isSelf(holder) && holder.source.isMovable && (giver?.matches(holder) ?? true)
        }
        guard let root = content.root, let holder else { return nil }
        let entry = library.entries(of: root).first { library.path(of: $0) == path }
        return await settle(Fetcher.Arrival(root: root, path: path, name: entry?.name, giver: holder), of: content)
    }

    /// Makes a content that has come here change hands. What is owed to its giver is on the disk before, so that a
    /// running peer goes on where this one is stopped.
    private func settle(_ arrival: Fetcher.Arrival, of content: FoundContent) async -> Fetcher.Fetched {
        var fetched = Fetcher.Fetched(path: arrival.path, giver: arrival.giver, ownership: .move, warnings: [])
        let order = TransferOrder(
            root: arrival.root, size: content.size ?? 0, name: content.name, ownership: .move)
        let debt = Transfer.Debt(
            path: Path.absolute(arrival.path), name: arrival.name, giver: arrival.giver.reference, since: .now)
        do {
            let warning =
                if let transfers { try await transfers.follow(debt, of: order) } else {
                    try await settleAlone(debt, of: order)
                }
            fetched.warnings += [warning].compactMap { $0 }
        } catch {
            fetched.warnings.append("its former owner was not told that you have it: \(error)")
        }
        return fetched
    }

    /// The same without a queue that runs: its file is written all the same.
    private func settleAlone(_ debt: Transfer.Debt, of order: TransferOrder) async throws -> String? {
        let store = try TransferStore.open(in: try PeerState(configuration.stateFolder))
        var queue = TransferQueue(width: 0, kept: store.kept, next: store.next)
        guard let number = queue.owe(debt, for: order) else { return "the queue is full" }
        try await store.save(&queue)
        _ = queue.steps(at: .now)
        var (reason, pause) = ("", Duration.milliseconds(100))
        for _ in 0..<8 {
            switch await fetcher.settle(order.root, debt) {
            case .over(let note):
                queue.settled(number, note: note, at: .now)
                try await store.save(&queue)
                return note
            case .again(let why): reason = why
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(3))
        }
        return "its former owner has not let go of it yet: \(reason); peer daemon goes on asking"
    }

    /// Fetches many contents, the small ones together with one progress line for all of them; `came` is given each
    /// one's number and what came of it.
    func fetch(
        many contents: [FoundContent], isMove: Bool, isSerial: Bool, from giver: PeerReference?,
        came: @escaping @Sendable (Int, Result<Fetcher.Fetched, any Error>) async -> Void
    ) async {
        let isCopying = !isMove && configuration.ownership == .copy
        let together = contents.indices.filter { isCopying && Fetcher.isSmall(contents[$0]) }
        if together.count > 1 {
            let display = ProgressDisplay([])
            let manner = Fetcher.Manner(giver: giver, batch: isSerial ? .serial : .parallel)
            await fetcher.fetch(many: together.map { contents[$0] }, manner, report: { display.show($0) }) { outcomes in
                for (number, result) in outcomes { await came(together[number], result) }
            }
            display.finish()
        }
        let done = together.count > 1 ? Set(together) : []
        for (number, content) in contents.enumerated() where !done.contains(number) {
            do {
                await came(number, .success(try await fetch(content, isMove: isMove, from: giver)))
            } catch {
                await came(number, .failure(error))
            }
        }
    }

    /// The path of a file in one of the folders that is that content already.
    func ownCopy(of root: Digest, size: Int) async -> Bytes? {
        await ownCopies(of: [root: size])[root]
    }

    /// The same for many contents and their sizes: whatever the files are called, and whether or not the folders were
    /// read before.
    func ownCopies(of wanted: [Digest: Int]) async -> [Digest: Bytes] {
        let (library, cache) = (library, cache)
        let sizes = Set(wanted.values)
        let candidates = await offLoop {
            _ = library.rescan(knowing: cache)
            return library.list().filter { sizes.contains($0.size) }
        }
        var paths: [Digest: Bytes] = [:]
        for entry in candidates ?? [] where paths.count < wanted.count {
            let root = if let known = entry.root { known } else { await offLoop { library.hash(entry) } ?? nil }
            guard let root, wanted[root] == entry.size, paths[root] == nil else { continue }
            paths[root] = library.path(of: entry)
        }
        return paths
    }
}

extension Library {
    /// The entry's root by reading it all; nil when that cannot be done.
    func hash(_ entry: LibraryEntry) -> Digest? {
        guard let file = try? openUnchecked(entry), case .hashed(let file)? = try? FileHasher.hash(file) else {
            return nil
        }
        return file.root
    }

    /// Where the entry's file lies.
    func path(of entry: LibraryEntry) -> Bytes {
        let folder = folders[entry.folder]
        return Path.join(folder.path, folder.relativePath(of: entry.name) ?? entry.name.bytes)
    }
}
