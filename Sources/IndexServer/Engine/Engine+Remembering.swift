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
        for id in absent.expired(now: now) { forget(id) }
    }

    /// The peers whose lists were given up since the last time.
    package mutating func takeForgotten() -> [PeerID] {
        defer { absent.forgotten.removeAll() }
        return absent.forgotten
    }

    // MARK: From the disk

    /// Begins with the list of a peer that was here before the program started; false when the peer is back already,
    /// or was here since.
    package mutating func recall(_ id: PeerID, certificate: Digest?, until end: Moment, now: Moment) -> Bool {
        guard slot(id) == nil, !absent.contains(id) else { return false }
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
        for entry in entries {
            guard absent.files + entryCount - before < limits.rememberedFiles, hasRoomToRemember,
                let size = entry.size, let root = entry.root, let name = try? intern(entry.name.bytes)
            else { continue }
            guard put(name, .hashed(root, size: size), for: slot, displaced: &displaced) else { continue }
            if let title = peers[Int(slot)].titles.find(name, in: catalog) {
                catalog.offlineTitles.insert(title)
            }
        }
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

    /// That was the whole list.
    package mutating func finishRecall(_ id: PeerID) {
        guard let slot = absent.arriving(id) else { return }
        absent.finishArriving(id)
        if peers[Int(slot)].files == 0 { forget(id) }
        trim()
    }

    // MARK: -

    /// Keeps what a proven peer had whole. It is out of the dictionary already.
    mutating func remember(_ slot: PeerSlot, until end: Moment) {
        let id = peers[Int(slot)].key.id
        conceal(slot)
        peers[Int(slot)].reachability = .absent
        for content in peers[Int(slot)].partials.keys { releasePartial(content, by: slot) }
        for title in peers[Int(slot)].titles.sorted {
            if catalog.contents[catalog.titles[Int(title)].content].kind == .hashed {
                catalog.offlineTitles.insert(title)
            } else {
                remove(title, from: slot)
            }
        }
        absent.note(id, in: slot, until: end)
        absent.files += peers[Int(slot)].files
        entryCount -= peers[Int(slot)].files
        if peers[Int(slot)].files == 0 { forget(id) }
        trim()
    }

    /// A peer takes its record over: what it lists now replaces what is remembered.
    mutating func welcomeBack(
        _ slot: PeerSlot, by description: PeerDescription, sharing list: [FileEntry], now: Moment
    ) throws(Refusal) {
        let remembered = peers[Int(slot)].titles.sorted
        absent.files -= remembered.count
        entryCount += remembered.count
        peers[Int(slot)].reachability = .unknown
        defer { for title in remembered { recheck(title) } }
        try replace(slot, by: description, sharing: list, now: now)
    }

    private mutating func forget(_ id: PeerID) {
        guard let slot = absent.remove(id) else { return }
        let titles = peers[Int(slot)].titles.sorted
        absent.files -= titles.count
        entryCount += titles.count
        for title in titles { release(title, by: slot) }
        vacate(slot)
        for title in titles { recheck(title) }
        absent.forgotten.append(id)
    }

    /// Gives up what was longest ago where there is more than may be remembered.
    private mutating func trim() {
        while absent.count > limits.rememberedPeers || absent.files > limits.rememberedFiles || !hasRoomToRemember,
            let oldest = absent.oldest
        {
            forget(oldest)
        }
    }

    /// Who is here goes before who was.
    private var hasRoomToRemember: Bool { entryCount + absent.files <= limits.filesInAll }

    /// An absent peer does not hold a title any more: whether another one does.
    private mutating func recheck(_ title: TitleID) {
        if !isHeldByAbsent(title) { catalog.offlineTitles.remove(title) }
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
