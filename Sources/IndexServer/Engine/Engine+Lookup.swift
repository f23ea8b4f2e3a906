package import P2PProtocol

/// CHECK and SOURCES.
extension Engine {
    /// Whether anybody shares something under this name: the folded path, its last component, or that without its
    /// extension.
    package func check(_ name: Bytes) -> Bool {
        var isKnown = false
        forEachShown(named: Folding.fold(name)) { _ in isKnown = true }
        return isKnown
    }

    /// The live sources of a content by ascending id, with their number. The cursor is the id to go on from.
    package func sources(
        of reference: ContentReference, page: Page, _ body: (Source) -> Void
    ) throws(Refusal) -> (total: Int, next: Bytes) {
        let start = try Self.position(page.cursor)
        let all = sources(of: contents(reference))
        let rest = all.drop { $0.id < start }
        for source in rest.prefix(page.limit) { body(source) }
        return (all.count, Self.cursor(rest.dropFirst(page.limit).first?.id))
    }

    private func forEachShown(named folded: Bytes, _ body: (TitleID) -> Void) {
        if let list = catalog.exact.find(folded.span, folded: { catalog.folded($0) }) {
            catalog.exact.postings.forEach(list) { if catalog.shownTitles.contains($0) { body($0) } }
        }
        for title in catalog.waitingTitles where catalog.shownTitles.contains(title) {
            if ExactIndex.isKey(folded.span, of: catalog.folded(title)) { body(title) }
        }
    }

    private func contents(_ reference: ContentReference) -> [ContentID] {
        switch reference {
        case .root(let root): return catalog.contents.contents(of: root)
        case .name(let name):
            var contents: Set<ContentID> = []
            forEachShown(named: Folding.fold(name.bytes)) { contents.insert(catalog.titles[Int($0)].content) }
            return Array(contents)
        }
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
