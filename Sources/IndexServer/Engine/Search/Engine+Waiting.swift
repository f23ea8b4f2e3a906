internal import P2PProtocol

/// Titles that were recalled and are not in the inverted index yet: a search looks at them one by one, after those that
/// are, which were there before them.
extension Engine {
    /// What looking at a title costs in postings: whether it is listed, at its name, and at all that a query may ask.
    private static let costs = (listed: 1, name: 4, all: 64)

    /// Gives on the titles that match: those with an exact name or those without, as the phase is. False when the
    /// budget ended first.
    func walkWaiting(
        _ search: inout Search, _ plan: SearchPlan, _ budget: inout Int, _ take: (TitleID, inout Search) -> Void
    ) -> Bool {
        var title = max(search.progress.waiting, plan.waiting.lowerBound)
        defer { search.progress.waiting = title }
        while title < plan.waiting.upperBound {
            guard budget > 0 else { return false }
            budget -= Self.costs.listed
            if isListed(title, search), matches(title, search, plan, &budget) { take(title, &search) }
            title += 1
        }
        return true
    }

    private func matches(_ title: TitleID, _ search: Search, _ plan: SearchPlan, _ budget: inout Int) -> Bool {
        budget -= Self.costs.name
        let record = catalog.titles[Int(title)]
        let wantsExact = search.progress.phase == .exact
        let isTold = catalog.names.withBytes(record.name) { plan.telling.match($0, exactly: wantsExact) }
        if let isTold { return isTold }
        budget -= Self.costs.all
        let sources = plan.peers.compactMap { peer in
            isSource(peer.slot, of: record.content) ? peer.slot.map { peers[Int($0)].key.id } : nil
        }
        let subject = QuerySubject(
            name: catalog.names.bytes(record.name), size: size(of: record.content),
            root: catalog.contents.root(of: record.content), peers: sources)
        return search.query.isExact(for: subject) == wantsExact && search.query.matches(subject)
    }
}

/// What the words of a query tell of a name that is ASCII, without a copy of it: mostly all, or that it does not match.
struct TellingWords {
    private var phrases: [Phrase] = []
    private var exactText = Bytes()
    /// Whether nothing else is asked.
    private var isAll = true

    init() {}

    init(of query: Query) {
        exactText = query.exactText
        for term in query.terms {
            switch (term.condition, term.isNegated) {
            case (.word(let word), false): phrases.append(Phrase([word]))
            case (.phrase(let words), false): phrases.append(Phrase(words))
            default: isAll = false
            }
        }
    }

    /// Whether a name matches, as one that is just what was typed or as another; nil when this does not tell.
    func match(_ name: Span<UInt8>, exactly wantsExact: Bool) -> Bool? {
        guard Folding.isASCII(name) else { return nil }
        for phrase in phrases where phrase.isIn(ascii: name) == false { return false }
        guard isExact(name) == wantsExact else { return false }
        return isAll ? true : nil
    }

    private func isExact(_ name: Span<UInt8>) -> Bool {
        guard exactText.count <= name.count else { return false }
        let keys = ExactName(of: name)
        return [keys.path, keys.component, keys.stem].contains {
            $0.count == exactText.count && Folding.isASCII(name.extracting($0), foldedTo: exactText.span)
        }
    }
}
