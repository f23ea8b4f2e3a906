/// Who holds what. Every change comes as a pair: what `hold` adds, `release` takes away, given the same arguments.
extension Catalog {
    /// A peer holds a title: whole, or a part of it; true when its content came to life: the first source that may be
    /// shown.
    mutating func hold(_ title: TitleID, by peer: PeerSlot, isPartial: Bool = false, isShown: Bool) -> Bool {
        defer { compaction?.follow(title, in: self) }
        if titles.hold(title) { heldTitles.insert(title) }
        if isShown { show(title) }
        let content = titles[Int(title)].content
        var list = contents.sources(content)
        defer { contents.setSources(list, of: content) }
        if let index = sources.position(of: peer, in: list) {
            guard !isPartial else { return false }
            sources.setCopies(sources.source(at: index, of: list).copies + 1, at: index, in: &list)
            return false
        }
        sources.insert(SourceRecord(peer: peer, copies: isPartial ? 0 : 1), in: &list)
        guard isShown else { return false }
        return contents.gainSource(content)
    }

    /// The reverse of `hold`.
    mutating func release(_ title: TitleID, by peer: PeerSlot, isPartial: Bool = false, isShown: Bool) {
        defer { compaction?.follow(title, in: self) }
        if titles.release(title) { heldTitles.remove(title) }
        if isShown { hide(title) }
        let content = titles[Int(title)].content
        var list = contents.sources(content)
        defer { contents.setSources(list, of: content) }
        guard let index = sources.position(of: peer, in: list) else { return }
        let copies = sources.source(at: index, of: list).copies
        if isPartial ? copies > 0 : copies > 1 {
            if !isPartial { sources.setCopies(copies - 1, at: index, in: &list) }
            return
        }
        sources.remove(at: index, in: &list)
        if isShown { contents.loseSource(content) }
    }

    /// One more entry of a title may be shown.
    mutating func show(_ title: TitleID) {
        if titles.show(title) { appear(title) }
    }

    /// One entry of a title may not be shown any more.
    mutating func hide(_ title: TitleID) {
        if titles.hide(title) { disappear(title) }
    }

    /// A title is found from now on.
    mutating func appear(_ title: TitleID) {
        shownTitles.insert(title)
        names.show(titles[Int(title)].name)
        let content = titles[Int(title)].content
        if contents.show(content) { shownContents += 1 }
    }

    /// It is not found any more.
    mutating func disappear(_ title: TitleID) {
        shownTitles.remove(title)
        names.hide(titles[Int(title)].name)
        let content = titles[Int(title)].content
        if contents.hide(content) { shownContents -= 1 }
    }
}
