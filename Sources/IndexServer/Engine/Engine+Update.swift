package import P2PProtocol

/// UPD ADD, UPD DEL and UPD PARTIAL.
extension Engine {
    /// Adds entries to a peer's list and says how many changed it.
    package mutating func add(_ list: [FileEntry], to id: PeerID) throws(Refusal) -> Int {
        try add(list[...], to: id)
    }

    /// The same with a part of a list.
    package mutating func add(_ list: ArraySlice<FileEntry>, to id: PeerID) throws(Refusal) -> Int {
        let slot = try settled(id)
        try checkRoom(for: list.count, beside: peers[Int(slot)].files)
        return try add(list, to: slot)
    }

    /// Removes paths from a peer's list and says how many were there. 64 hex digits that are no path of it are a
    /// root: the peer is no longer a partial source.
    package mutating func delete(_ paths: [Name], from id: PeerID) throws(Refusal) -> Int {
        try delete(paths[...], from: id)
    }

    /// The same with a part of a list.
    package mutating func delete(_ paths: ArraySlice<Name>, from id: PeerID) throws(Refusal) -> Int {
        let slot = try settled(id)
        var changed = 0
        for path in paths {
            if let name = catalog.names.find(path.bytes.span),
                let title = peers[Int(slot)].titles.find(name, in: catalog)
            {
                remove(title, from: slot)
                changed += 1
            } else if let root = Digest(hex: path.bytes) {
                changed += withdraw(root, by: slot)
            }
        }
        return changed
    }

    /// Makes a peer a source of the pieces that it has so far; 0 when the root is unknown or the peer has more.
    package mutating func addPartial(_ root: Digest, to id: PeerID) throws(Refusal) -> Int {
        let slot = try settled(id)
        guard peers[Int(slot)].partials.count < limits.partialsPerPeer else {
            throw .tooManyFiles(limit: limits.partialsPerPeer)
        }
        guard let content = catalog.mostTrusted(of: root) else { return 0 }
        guard catalog.sources.position(of: slot, in: catalog.contents.sources(content)) == nil else { return 0 }
        holdPartial(catalog.bestTitle(of: content), of: content, by: slot)
        return 1
    }

    /// Whether so many entries more have room in a peer's list.
    package func checkRoom(for more: Int, in id: PeerID) throws(Refusal) {
        guard let slot = slot(id) else { throw .notRegistered }
        try checkRoom(for: more, beside: peers[Int(slot)].files)
    }

    func checkRoom(for more: Int, beside present: Int) throws(Refusal) {
        guard more <= limits.filesPerPeer - present else { throw .tooManyFiles(limit: limits.filesPerPeer) }
        guard more <= limits.filesInAll - entryCount, catalog.titles.count < limits.titles - more else {
            throw .indexFull
        }
    }

    mutating func add(_ list: ArraySlice<FileEntry>, to slot: PeerSlot) throws(Refusal) -> Int {
        var changed = 0
        var displaced: [TitleID] = []
        defer {
            catalog.indexNewTitles()
            for title in displaced { release(title, by: slot) }
        }
        for (index, entry) in zip(list.indices, list) {
            approach(list, at: index)
            let name = try intern(entry.name.bytes)
            if put(name, identity(of: entry, named: name), for: slot, displaced: &displaced) { changed += 1 }
        }
        return changed
    }

    /// So many entries find their names and contents at hand.
    private static var entriesSideBySide: Int { 32 }

    /// Visits, before the first of some entries, the places where the names and contents of all of them are or will be,
    /// step by step: side by side their waits for memory overlap.
    func approach(_ list: ArraySlice<FileEntry>, at index: Int) {
        guard (index - list.startIndex) % Self.entriesSideBySide == 0 else { return }
        let hashes = list[index...].prefix(Self.entriesSideBySide).map {
            (name: IDTable.hash($0.name.bytes.span), root: $0.root.map(KeyedHash.hash))
        }
        var seen: UInt32 = 0
        for hash in hashes {
            seen |= catalog.names.approach(hash.name)
            if let root = hash.root { seen |= catalog.contents.approach(root) }
        }
        for hash in hashes {
            seen |= catalog.names.approachCandidate(hash.name)
            if let root = hash.root { seen |= catalog.contents.approachCandidate(root) }
        }
        withExtendedLifetime(seen) {}
    }

    mutating func intern(_ path: Bytes) throws(Refusal) -> NameID {
        guard let name = catalog.names.intern(path.span) else { throw .indexFull }
        return name
    }

    private func identity(of entry: FileEntry, named name: NameID) -> ContentIdentity {
        guard let size = entry.size else { return .bare(name) }
        guard let root = entry.root else { return .unhashed(name, size: size) }
        return .hashed(root, size: size)
    }

    private mutating func withdraw(_ root: Digest, by slot: PeerSlot) -> Int {
        let contents = catalog.contents.contents(of: root).filter { peers[Int(slot)].partials[$0] != nil }
        for content in contents { releasePartial(content, by: slot) }
        return contents.count
    }
}
