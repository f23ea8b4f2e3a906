internal import P2PProtocol

/// From a query to lists.
extension Engine {
    func plan(_ query: Query) -> SearchPlan {
        var plan = SearchPlan(reserving: query.terms.count)
        for term in query.terms { add(term, to: &plan) }
        if plan.isUnbounded { boundByPeer(&plan) }
        return plan
    }

    private func add(_ term: Query.Term, to plan: inout SearchPlan) {
        let isNegated = term.isNegated
        switch term.condition {
        case .word(let word): plan.add(run(word: word), isNegated: isNegated)
        case .prefix(let beginning): plan.add(titles(prefix: beginning), isNegated: isNegated)
        case .phrase(let words):
            if !isNegated { for word in words { plan.add(run(word: word), isNegated: false) } }
            plan.onName.append(term)
        case .exactName(let name): plan.add(run(exact: name), isNegated: isNegated)
        case .extensions(let all): addExtensions(all, isNegated: isNegated, to: &plan)
        case .root(let root):
            plan.add(run(titlesOf: catalog.contents.contents(of: root)), isNegated: isNegated)
        case .size, .peer: plan.onContent.append(term)
        }
    }

    private func addExtensions(_ all: [Bytes], isNegated: Bool, to plan: inout SearchPlan) {
        let runs = all.compactMap { run(word: [UInt8(ascii: ".")] + $0) }
        guard runs.count > 1 else { return plan.add(runs.first, isNegated: isNegated) }
        var set = BitSet(below: catalog.titles.count)
        for run in runs { run.forEach { set.insert($0) } }
        plan.add(set, isNegated: isNegated)
    }

    /// A peer's list leads only where nothing shorter does: its files may be millions.
    private func boundByPeer(_ plan: inout SearchPlan) {
        for term in plan.onContent where !term.isNegated {
            guard case .peer(let id) = term.condition else { continue }
            guard let slot = slot(id) else { return plan.isHopeless = true }
            let peer = peers[Int(slot)]
            let titles = peer.titles.sorted + peer.partials.values
            return plan.add(run(titlesOf: titles.map { catalog.titles[Int($0)].content }), isNegated: false)
        }
    }

    private func run(word: Bytes) -> PostingRun? {
        catalog.words.find(word.span).map(catalog.words.postings.run)
    }

    func run(exact name: Bytes) -> PostingRun? {
        catalog.exact.find(name.span) { catalog.folded($0) }.map(catalog.exact.postings.run)
    }

    private func run(titlesOf contents: [ContentID]) -> PostingRun? {
        let titles = Set(contents).flatMap(catalog.titles(of:)).sorted()
        return titles.isEmpty ? nil : PostingRun(list: titles)
    }

    private func titles(prefix: Bytes) -> BitSet {
        var set = BitSet(below: catalog.titles.count)
        catalog.words.forEach(prefix: prefix.span) { run in run.forEach { set.insert($0) } }
        return set
    }
}
