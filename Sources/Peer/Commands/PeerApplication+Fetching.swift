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
        return try await fetcher.fetch(content, as: ownership, from: giver) { display.show($0) }
    }

    /// The path of a file in one of the folders that is that content already: whatever it is called, and whether or
    /// not the folders were read before.
    func ownCopy(of root: Digest, size: Int) async -> Bytes? {
        let library = library
        let candidates = await offLoop {
            _ = library.rescan()
            return library.list().filter { $0.size == size }
        }
        for entry in candidates ?? [] {
            let known = try? await cache.roots(of: [entry.identity])[entry.identity]
            let found = if let known { known } else { await offLoop { library.hash(entry) } ?? nil }
            if found == root { return library.path(of: entry) }
        }
        return nil
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
