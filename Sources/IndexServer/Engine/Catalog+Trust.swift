internal import P2PProtocol

/// Which content is meant when several answer to one root or one name.
extension Catalog {
    /// Every content that claims a root, the one that is known for longest in front.
    func known(of root: Digest) -> [ContentID] {
        let all = contents.contents(of: root)
        guard all.count > 1 || compaction != nil else { return all }
        let dated = all.compactMap { content in
            titles(of: content).last { isKnown($0) }.map { (title: $0, content: content) }
        }
        return dated.sorted { $0.title < $1.title }.map(\.content)
    }

    /// The content of a root that most live sources have, the one that is known for longest on a tie: others claim the
    /// same root with another size.
    func mostTrusted(of root: Digest) -> ContentID? {
        var best: ContentID?
        for content in known(of: root) where best.map({ contents.live(content) > contents.live($0) }) ?? true {
            best = content
        }
        return best
    }

    /// The title under a name that most entries use, the oldest on a tie.
    func mostTrusted(under name: NameID) -> TitleID? {
        var best: TitleID?
        var next = names.newestTitle(name)
        while next != .none {
            if isKnown(next), best.map({ titles.shown(next) >= titles.shown($0) }) ?? true { best = next }
            next = titles.nextOfName(next)
        }
        return best
    }

    /// The titles of a content, newest first.
    func titles(of content: ContentID) -> [TitleID] {
        var all: [TitleID] = []
        var next = contents[content].newestTitle
        while next != .none {
            all.append(next)
            next = titles.nextOfContent(next)
        }
        return all
    }
}
