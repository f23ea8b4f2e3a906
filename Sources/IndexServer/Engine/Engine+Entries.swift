internal import P2PProtocol

/// One entry of one peer's list: how it comes, goes, appears and disappears.
extension Engine {
    /// Whether what a peer says of a content may be shown.
    func shows(_ content: ContentID, of slot: PeerSlot) -> Bool {
        peers[Int(slot)].reachability.visibility.includes(catalog.contents[content].kind)
    }

    /// Lists a content under a name; false when it stood there already. Whatever else stood there leaves the list, and
    /// is added to `displaced`: the caller releases it after the last of its entries, for a file that is renamed is
    /// never gone.
    mutating func put(
        _ name: NameID, _ identity: ContentIdentity, for slot: PeerSlot, displaced: inout [TitleID]
    ) -> Bool {
        let title = catalog.title(of: catalog.contents.intern(identity), under: name)
        if let old = peers[Int(slot)].titles.find(name, in: catalog) {
            guard old != title else { return false }
            strike(old, from: slot)
            displaced.append(old)
        }
        attach(title, to: slot)
        return true
    }

    /// Takes an entry out of a peer's list.
    mutating func remove(_ title: TitleID, from slot: PeerSlot) {
        strike(title, from: slot)
        release(title, by: slot)
    }

    /// Drops what a list no longer holds, without touching the list.
    mutating func release(_ title: TitleID, by slot: PeerSlot) {
        let isShown = shows(catalog.titles[Int(title)].content, of: slot)
        catalog.release(title, by: slot, isShown: isShown)
        entryCount -= 1
        if isShown, catalog.titles.held(title) == 0 { departed.note(title) }
    }

    mutating func holdPartial(_ title: TitleID, of content: ContentID, by slot: PeerSlot) {
        peers[Int(slot)].partials[content] = title
        catalog.compaction?.notePartial(title, of: content, by: slot)
        let cameToLife = catalog.hold(title, by: slot, isPartial: true, isShown: shows(content, of: slot))
        if cameToLife { noteFound(title, from: slot) }
    }

    mutating func releasePartial(_ content: ContentID, by slot: PeerSlot) {
        guard let title = peers[Int(slot)].partials.removeValue(forKey: content) else { return }
        catalog.compaction?.notePartial(nil, of: content, by: slot)
        catalog.release(title, by: slot, isPartial: true, isShown: shows(content, of: slot))
    }

    private mutating func strike(_ title: TitleID, from slot: PeerSlot) {
        noteListChange(slot)
        let record = catalog.titles[Int(title)]
        peers[Int(slot)].titles.remove(title, named: record.name)
        catalog.compaction?.noteStruck(title, from: slot)
        peers[Int(slot)].bytes &-= catalog.contents[record.content].size
    }

    private mutating func attach(_ title: TitleID, to slot: PeerSlot) {
        let record = catalog.titles[Int(title)]
        let content = record.content
        let cameToLife = catalog.hold(title, by: slot, isShown: shows(content, of: slot))
        entryCount += 1
        noteListChange(slot)
        peers[Int(slot)].titles.insert(title, named: record.name)
        catalog.compaction?.noteHeld(title, by: slot)
        peers[Int(slot)].bytes &+= catalog.contents[content].size
        if !peers[Int(slot)].partials.isEmpty { releasePartial(content, by: slot) }
        if cameToLife { noteFound(title, from: slot) }
    }

    mutating func noteFound(_ title: TitleID, from slot: PeerSlot) {
        let content = catalog.titles[Int(title)].content
        let kind = catalog.contents[content].kind
        guard isWatched, kind != .unhashed else { return }
        events.append(
            .found(
                FoundFile(
                    name: catalog.names.bytes(catalog.titles[Int(title)].name),
                    size: kind == .bare ? nil : catalog.contents[content].size,
                    root: catalog.contents.root(of: content),
                    source: peers[Int(slot)].key)))
    }
}
