internal import P2PProtocol

/// From a query to lists.
extension Engine {
    func plan(_ query: Query) -> SearchPlan {
        var plan = SearchPlan(waiting: catalog.waitingTitles, reserving: query.terms.count)
        for term in query.terms { add(term, to: &plan) }
        if !plan.waiting.isEmpty { plan.telling = TellingWords(of: query) }
        if plan.isUnbounded { boundByPeer(&plan) }
        plan.findExact { list(exact: query.exactText) }
        return plan
    }

    /// Carries the unions of a plan on; true when they are complete.
    func unite(_ plan: inout SearchPlan, _ budget: inout Int) -> Bool {
        while var union = plan.unions.popLast() {
            var titles = plan.uniting ?? BitSet(below: catalog.titles.count)
            plan.uniting = nil
            guard unite(&union, into: &titles, &budget) else {
                plan.uniting = titles
                plan.unions.append(union)
                return false
            }
            plan.add(titles, isNegated: union.isNegated)
        }
        return true
    }

    private func unite(_ union: inout SearchPlan.Union, into titles: inout BitSet, _ budget: inout Int) -> Bool {
        while true {
            while budget > 0, let list = union.lists.popLast() {
                budget -= list.count
                unite(list, into: &titles)
            }
            guard union.lists.isEmpty else { return false }
            guard var walk = union.walk else { return true }
            guard budget > 0 else { return false }
            budget -= Self.wordsTogether
            union.lists = catalog.words.walk(&walk, past: Self.wordsTogether).map { list(of: $0) }
            union.walk = walk.isFinished ? nil : walk
        }
    }

    /// Words that are looked at in one go.
    private static var wordsTogether: Int { 512 }

    /// Whether all lists and sets of a plan agree on a title.
    func admits(_ title: TitleID, _ plan: SearchPlan) -> Bool {
        plan.required.allSatisfy { contains(title, in: $0) } && !plan.excluded.contains { contains(title, in: $0) }
            && plan.requiredSet?.contains(title) != false && plan.excludedSet?.contains(title) != true
    }

    func list(exact name: Bytes) -> SearchPlan.List? {
        catalog.exact.find(name.span) { catalog.folded($0) }.map {
            SearchPlan.List(home: .exact, reference: $0, count: catalog.exact.postings.count($0))
        }
    }

    func chunk(_ number: UInt32, of list: SearchPlan.List) -> PostingChunk {
        switch list.home {
        case .words: catalog.words.postings.chunk(number, of: list.reference)
        case .exact: catalog.exact.postings.chunk(number, of: list.reference)
        }
    }

    func nextChunk(from number: UInt32, of list: SearchPlan.List) -> UInt32? {
        switch list.home {
        case .words: catalog.words.postings.nextChunk(from: number, of: list.reference)
        case .exact: catalog.exact.postings.nextChunk(from: number, of: list.reference)
        }
    }

    func contains(_ title: TitleID, in list: SearchPlan.List) -> Bool {
        switch list.home {
        case .words: catalog.words.postings.contains(title, in: list.reference)
        case .exact: catalog.exact.postings.contains(title, in: list.reference)
        }
    }

    private func unite(_ list: SearchPlan.List, into set: inout BitSet) {
        switch list.home {
        case .words: catalog.words.postings.forEachChunk(list.reference) { set.formUnion($1, at: $0) }
        case .exact: catalog.exact.postings.forEachChunk(list.reference) { set.formUnion($1, at: $0) }
        }
    }

    private func add(_ term: Query.Term, to plan: inout SearchPlan) {
        let isNegated = term.isNegated
        switch term.condition {
        case .word(let word): plan.add(list(word: word), isNegated: isNegated)
        case .prefix(let beginning):
            var walk = PrefixWalk(beginning)
            let lists = catalog.words.walk(&walk, past: Self.wordsTogether).map { list(of: $0) }
            if walk.isFinished {
                addUnion(lists, isNegated: isNegated, to: &plan)
            } else {
                plan.unions.append(SearchPlan.Union(lists: lists, walk: walk, isNegated: isNegated))
            }
        case .phrase(let words):
            if !isNegated { for word in words { plan.add(list(word: word), isNegated: false) } }
            let phrase = SearchPlan.PlannedPhrase(
                phrase: Phrase(words), pairs: WordPairs(of: words), isNegated: isNegated)
            plan.phrases.append(phrase)
        case .exactName(let name): plan.add(list(exact: name), isNegated: isNegated)
        case .extensions(let all):
            addUnion(all.compactMap { list(word: [UInt8(ascii: ".")] + $0) }, isNegated: isNegated, to: &plan)
        case .root(let root): add(titlesOf: catalog.contents.contents(of: root), isNegated: isNegated, to: &plan)
        case .size(let range): plan.sizes.append(SearchPlan.Size(range: range, isNegated: isNegated))
        case .peer(let id): plan.peers.append(SearchPlan.Peer(slot: slot(id), isNegated: isNegated))
        }
    }

    private func addUnion(_ lists: [SearchPlan.List], isNegated: Bool, to plan: inout SearchPlan) {
        guard lists.count > 1 else { return plan.add(lists.first, isNegated: isNegated) }
        plan.unions.append(SearchPlan.Union(lists: lists, isNegated: isNegated))
    }

    /// A peer's list leads only where nothing shorter does: its files may be millions.
    private func boundByPeer(_ plan: inout SearchPlan) {
        for peer in plan.peers where !peer.isNegated {
            guard let slot = peer.slot else { return plan.isHopeless = true }
            var contents: [ContentID] = []
            peers[Int(slot)].titles.forEach { contents.append(catalog.titles[Int($0)].content) }
            for title in peers[Int(slot)].partials.values { contents.append(catalog.titles[Int(title)].content) }
            return add(titlesOf: contents, isNegated: false, to: &plan)
        }
    }

    private func add(titlesOf contents: [ContentID], isNegated: Bool, to plan: inout SearchPlan) {
        if contents.count == 1, let content = contents.first {
            let titles = catalog.titles(of: content)
            if titles.count == 1, let title = titles.first { return plan.add(list(of: title), isNegated: isNegated) }
        }
        guard !contents.isEmpty else { return plan.add(nil, isNegated: isNegated) }
        var set = BitSet(below: catalog.titles.count)
        for content in contents {
            for title in catalog.titles(of: content) { set.insert(title) }
        }
        plan.add(set, isNegated: isNegated)
    }

    private func list(word: Bytes) -> SearchPlan.List? {
        guard let reference = catalog.words.find(word.span) else { return nil }
        return list(of: reference)
    }

    private func list(of reference: Postings.Reference) -> SearchPlan.List {
        SearchPlan.List(home: .words, reference: reference, count: catalog.words.postings.count(reference))
    }
}
