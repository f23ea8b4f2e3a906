package import P2PProtocol
package import P2PRuntime

/// OFFLINE: what peers had when they left. Their FILES entries stay held like those of an unproven peer, without being
/// shown, and `Catalog.offlineTitles` says which titles they are.
extension Engine {
    /// Peers whose lists are remembered.
    package var rememberedPeers: Int { absent.count }

    /// Entries of their lists.
    package var rememberedFiles: Int { absent.files }

    /// Forgets the lists whose time is over.
    package mutating func forgetExpired(now: Moment) {
        var budget = limits.entriesPerStep
        for id in absent.expired(now: now) { forget(id, &budget) }
    }

    /// The peers whose lists were given up since the last time.
    package mutating func takeForgotten() -> Set<PeerID> { absent.takeForgotten() }

    // MARK: From the disk

    /// Lists are about to be read: from now on it is noted who has been here.
    package mutating func beginRecall() { absent.beginRecall() }

    /// All of them have been read.
    package mutating func endRecall() { absent.endRecall() }

    /// Begins with the list of a peer that was here before the program started; false when the peer is back already,
    /// or was here since.
    package mutating func recall(_ id: PeerID, certificate: Digest?, until end: Moment, now: Moment) -> Bool {
        guard slot(id) == nil, !absent.contains(id), !absent.hasReturned(id) else { return false }
        var description = PeerDescription(host: .any, port: 0)
        description.certificate = certificate
        let slot = admit(RegisteredPeer(id: id, description, now: now))
        peers[Int(slot)].reachability = .absent
        absent.note(id, in: slot, until: end, isArriving: true)
        return true
    }

    /// Adds to that list; false when the rest is not wanted any more.
    package mutating func recall(_ entries: ArraySlice<FileEntry>, of id: PeerID) -> Bool {
        guard let slot = absent.arriving(id) else { return false }
        let before = entryCount
        var displaced: [TitleID] = []
        for (index, entry) in zip(entries.indices, entries) {
            approach(entries, at: index)
            guard absent.files + entryCount - before < limits.rememberedFiles, hasRoomToRemember,
                let size = entry.size, let root = entry.root, let name = try? intern(entry.name.bytes)
            else { continue }
            guard put(name, .hashed(root, size: size), for: slot, displaced: &displaced) else { continue }
            if let title = peers[Int(slot)].titles.find(name, in: catalog) { catalog.setOffline(title, true) }
        }
        catalog.fallBehind()
        for title in displaced { release(title, by: slot) }
        absent.files += entryCount - before
        entryCount = before
        for title in displaced { recheck(title) }
        return true
    }

    /// Takes paths out of that list again; false when the rest is not wanted any more.
    package mutating func recallDeletion(_ paths: ArraySlice<Name>, of id: PeerID) -> Bool {
        guard let slot = absent.arriving(id) else { return false }
        for path in paths {
            guard let name = catalog.names.find(path.bytes.span),
                let title = peers[Int(slot)].titles.find(name, in: catalog)
            else { continue }
            entryCount += 1
            absent.files -= 1
            remove(title, from: slot)
            recheck(title)
        }
        return true
    }

    /// Puts some of what was recalled into the inverted index; true when nothing is left. Until then it is found as
    /// well, but its names are looked at one by one.
    package mutating func catchUp(atMost count: Int) -> Bool { catalog.catchUp(atMost: count) }

    /// That was the whole list.
    package mutating func finishRecall(_ id: PeerID) {
        guard let slot = absent.arriving(id) else { return }
        absent.finishArriving(id)
        var budget = limits.entriesPerStep
        finishKeeping(slot, &budget)
    }

    // MARK: -

    /// Keeps what a proven peer had whole. It is out of the dictionary already.
    mutating func remember(_ slot: PeerSlot, until end: Moment) {
        for content in peers[Int(slot)].partials.keys { releasePartial(content, by: slot) }
        peers[Int(slot)].reachability = .absent
        absent.note(peers[Int(slot)].key.id, in: slot, until: end)
        absent.files += peers[Int(slot)].files
        entryCount -= peers[Int(slot)].files
        begin(.keep, of: slot)
    }

    /// Keeps an entry of a peer that left, unless only the peer itself could tell what it is.
    mutating func keep(_ title: TitleID, of slot: PeerSlot) {
        guard catalog.contents[catalog.titles[Int(title)].content].kind != .hashed else {
            catalog.setOffline(title, true)
            return
        }
        entryCount += 1
        absent.files -= 1
        remove(title, from: slot)
    }

    mutating func finishKeeping(_ slot: PeerSlot, _ budget: inout Int) {
        if peers[Int(slot)].files == 0 { forget(peers[Int(slot)].key.id, &budget) }
        trim(&budget)
    }

    private mutating func forget(_ id: PeerID, _ budget: inout Int) {
        if let slot = absent.slot(id) { settle(slot) }
        guard let slot = absent.forget(id) else { return }
        dismiss(slot, wasKept: true, &budget)
    }

    /// Gives up what was longest ago where there is more than may be remembered.
    private mutating func trim(_ budget: inout Int) {
        // Until then nobody knows how much there is.
        guard !sweeps.contains(where: \.isKeeping) else { return }
        while absent.count > limits.rememberedPeers || absent.files > limits.rememberedFiles || !hasRoomToRemember,
            let oldest = absent.oldest
        {
            forget(oldest, &budget)
        }
    }

    /// Who is here goes before who was.
    private var hasRoomToRemember: Bool { entryCount + absent.files <= limits.filesInAll }

    /// An absent peer does not hold a title any more: whether another one does.
    mutating func recheck(_ title: TitleID) {
        if !isHeldByAbsent(title) { catalog.setOffline(title, false) }
    }

    private func isHeldByAbsent(_ title: TitleID) -> Bool {
        guard catalog.titles.held(title) > catalog.titles.shown(title) else { return false }
        let list = catalog.contents.sources(catalog.titles[Int(title)].content)
        return (0..<catalog.sources.count(list)).contains { index in
            let slot = Int(catalog.sources.source(at: index, of: list).peer)
            return peers[slot].reachability == .absent && peers[slot].titles.contains(title)
        }
    }
}
