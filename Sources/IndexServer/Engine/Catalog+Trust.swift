internal import P2PProtocol

/// Which content is meant when several answer to one root or one name.
extension Catalog {
    /// The content of a root that most live sources have: others claim the same root with another size.
    func mostTrusted(of root: Digest) -> ContentID? {
        let known = contents.contents(of: root)
        return known.max { (contents[$0].live, $1) < (contents[$1].live, $0) }
    }

    /// The title under a name that most entries use, the oldest on a tie.
    func mostTrusted(under name: NameID) -> TitleID? {
        var best: TitleID?
        var next = names[name].firstTitle
        while next != .none {
            if best.map({ titles[Int(next)].shown >= titles[Int($0)].shown }) ?? true { best = next }
            next = titles[Int(next)].nextOfName
        }
        return best
    }

    /// The titles of a content, newest first.
    func titles(of content: ContentID) -> [TitleID] {
        var all: [TitleID] = []
        var next = contents[content].firstTitle
        while next != .none {
            all.append(next)
            next = titles[Int(next)].nextOfContent
        }
        return all
    }
}
