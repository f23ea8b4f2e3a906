internal import P2PProtocol

/// Which content is meant when several answer to one root or one name.
extension Catalog {
    /// The content of a root that most live sources have: others claim the same root with another size.
    func mostTrusted(of root: Digest) -> ContentID? {
        let known = contents.contents(of: root)
        return known.max { (contents.live($0), $1) < (contents.live($1), $0) }
    }

    /// The title under a name that most entries use, the oldest on a tie.
    func mostTrusted(under name: NameID) -> TitleID? {
        var best: TitleID?
        var next = names.newestTitle(name)
        while next != .none {
            if best.map({ titles.shown(next) >= titles.shown($0) }) ?? true { best = next }
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
