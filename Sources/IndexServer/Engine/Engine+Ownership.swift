package import P2PProtocol

/// UPD GOT. The rules of design, "Ownership": repeating is harmless, an unknown content changes nothing, a move needs
/// the giver's entry, and its consent unless the entry is a bare name.
extension Engine {
    /// The caller has it now too, or instead of the giver; 1 when that changed anything.
    package mutating func got(_ fetched: Acquisition, by id: PeerID) throws(Refusal) -> Int {
        let taker = try settled(id)
        let giver = slot(fetched.giver)
        if let giver { settle(giver) }
        let given = giver.flatMap { givenTitle(fetched.content, by: $0) }
        guard let title = given ?? knownTitle(fetched.content) else { return 0 }
        let content = catalog.titles[Int(title)].content
        guard fetched.ownership == .move else { return try take(fetched, title, by: taker) }
        guard given != nil, let giver, giver != taker else { return 0 }
        guard catalog.contents[content].kind == .bare || peers[Int(giver)].description.isMovable else {
            throw .noConsent
        }
        _ = try take(fetched, title, by: taker)
        for title in titles(of: content, heldBy: giver) {
            if let name = Name(validating: catalog.names.bytes(catalog.titles[Int(title)].name)) {
                handovers.append(Handover(peer: fetched.giver, change: .gave(name)))
            }
            remove(title, from: giver)
        }
        return 1
    }

    /// Puts the content into the caller's list. It is there before it leaves the giver's, so that a move is one step.
    private mutating func take(_ fetched: Acquisition, _ title: TitleID, by taker: PeerSlot) throws(Refusal) -> Int {
        let content = catalog.titles[Int(title)].content
        let known = titles(of: content, heldBy: taker)
        if fetched.path == nil, !known.isEmpty { return 0 }
        try checkRoom(for: 1, beside: peers[Int(taker)].files)
        let path = fetched.path?.bytes ?? Bytes(lastComponent(of: title))
        let name = try intern(path)
        var displaced: [TitleID] = []
        defer { for title in displaced { release(title, by: taker) } }
        guard put(name, identity(of: content, under: name), for: taker, displaced: &displaced) else { return 0 }
        catalog.indexNewTitles()
        if let name = Name(validating: path) {
            handovers.append(Handover(peer: peers[Int(taker)].key.id, change: change(content, under: name)))
        }
        return 1
    }

    /// What taking a content means to those who keep lists elsewhere: without a root it only displaces what stood there.
    private func change(_ content: ContentID, under name: Name) -> Handover.Change {
        guard case .hashed(let root, let size) = catalog.contents.identity(of: content) else { return .gave(name) }
        return .took(FileEntry(name: name, size: size, root: root))
    }

    /// What the content is when it stands under another name: without a root the name is part of its identity.
    private func identity(of content: ContentID, under name: NameID) -> ContentIdentity {
        switch catalog.contents.identity(of: content) {
        case .hashed(let root, let size): .hashed(root, size: size)
        case .unhashed(_, let size): .unhashed(name, size: size)
        case .bare: .bare(name)
        }
    }

    private func lastComponent(of title: TitleID) -> ArraySlice<UInt8> {
        let path = catalog.names.bytes(catalog.titles[Int(title)].name)
        guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return path[...] }
        return path[(slash + 1)...]
    }

    /// The giver's own entry.
    private func givenTitle(_ reference: ContentReference, by giver: PeerSlot) -> TitleID? {
        switch reference {
        case .name(let path):
            guard let name = catalog.names.find(path.bytes.span) else { return nil }
            return peers[Int(giver)].titles.find(name, in: catalog)
        case .root(let root):
            for content in catalog.known(of: root) {
                if let title = titles(of: content, heldBy: giver).first { return title }
            }
            return nil
        }
    }

    /// The content when the giver does not have it (any more): what most sources agree on.
    private func knownTitle(_ reference: ContentReference) -> TitleID? {
        switch reference {
        case .root(let root): catalog.mostTrusted(of: root).map { catalog.bestTitle(of: $0) }
        case .name(let path): catalog.names.find(path.bytes.span).flatMap { catalog.mostTrusted(under: $0) }
        }
    }

    private func titles(of content: ContentID, heldBy peer: PeerSlot) -> [TitleID] {
        catalog.titles(of: content).filter { peers[Int(peer)].titles.contains($0) }
    }
}
