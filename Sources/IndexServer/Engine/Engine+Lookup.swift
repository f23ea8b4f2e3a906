package import P2PProtocol

extension Search {
    /// CHECK, and SOURCES by name: what anybody shares under a name, as its folded path, the last component of that, or
    /// this without its extension.
    package init(named name: Bytes, for grouping: Grouping, atMost limit: Int) {
        query = Query(terms: [Query.Term(.exactName(Folding.fold(name)))], exactText: [])
        self.grouping = grouping
        self.limit = limit
        start = nil
        includesOffline = false
    }
}

/// SOURCES.
extension Engine {
    /// Everything that claims a root.
    package func contents(of root: Digest) -> [ContentID] { catalog.contents.contents(of: root) }

    /// The live sources of some contents by ascending id, with their number. The cursor is the id to go on from.
    package func sources(
        of contents: [ContentID], page: Page, _ body: (Source) -> Void
    ) throws(Refusal) -> (total: Int, next: Bytes) {
        let start = try Self.position(page.cursor)
        let all = sources(of: contents)
        let rest = all.drop { $0.id < start }
        for source in rest.prefix(page.limit) { body(source) }
        return (all.count, Self.cursor(rest.dropFirst(page.limit).first?.id))
    }

    /// Every peer once, whole rather than partial where it is both.
    private func sources(of contents: [ContentID]) -> [Source] {
        var byID: [PeerID: Source] = [:]
        for content in contents {
            forEachSource(of: content, limit: .max) { source in
                if byID[source.id]?.isPartial ?? true { byID[source.id] = source }
            }
        }
        return byID.values.sorted { $0.id < $1.id }
    }

    static func position(_ cursor: Bytes?) throws(Refusal) -> Int {
        guard let cursor else { return 0 }
        guard let position = Decimal.parse(cursor) else { throw .badCursor }
        return position
    }

    static func cursor(_ position: Int?) -> Bytes {
        var text = Bytes()
        text.append(decimal: position ?? 0)
        return text
    }
}
