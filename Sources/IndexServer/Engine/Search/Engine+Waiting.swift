internal import P2PProtocol

/// Titles that were recalled and are not in the inverted index yet: a search looks at them one by one, after those that
/// are, which were there before them.
extension Engine {
    /// What looking at a title costs in postings: whether it is listed, at its name, and at all that a query may ask.
    private static let costs = (listed: 1, name: 2, all: 32)

    /// Gives on the titles that match: those with an exact name or those without, as the phase is. False when the
    /// budget ended first.
    func walkWaiting(
        _ search: inout Search, _ plan: SearchPlan, _ budget: inout Int, _ take: (TitleID, inout Search) -> Void
    ) -> Bool {
        let wantsExact = search.progress.phase == .exact
        // Taken out: what is passed by value is counted for each title.
        let (telling, several) = (plan.telling, several(search.grouping))
        var title = max(search.progress.waiting, plan.waiting.lowerBound)
        defer { search.progress.waiting = title }
        while title < plan.waiting.upperBound {
            guard budget > 0 else { return false }
            budget -= Self.costs.listed
            if isListed(title, search) || (several.contains(title) && catalog.isKnown(title)) {
                budget -= Self.costs.name
                let name = catalog.titles[Int(title)].name
                var isMatch = catalog.names.withBytes(name) { telling.match($0, exactly: wantsExact) }
                if isMatch == nil {
                    budget -= Self.costs.all
                    isMatch = matches(title, search, plan, wantsExact)
                }
                if isMatch == true { take(title, &search) }
            }
            title += 1
        }
        return true
    }

    /// Whether a title that is in no list matches, its name being exact or not.
    func matches(_ title: TitleID, _ search: Search, _ plan: SearchPlan, _ isExact: Bool) -> Bool {
        let record = catalog.titles[Int(title)]
        let sources = plan.peers.compactMap { peer in
            isSource(peer.slot, of: record.content) ? peer.slot.map { peers[Int($0)].key.id } : nil
        }
        let subject = QuerySubject(
            name: catalog.names.bytes(record.name), size: size(of: record.content),
            root: catalog.contents.root(of: record.content), peers: sources)
        return search.query.isExact(for: subject) == isExact && search.query.matches(subject)
    }
}
