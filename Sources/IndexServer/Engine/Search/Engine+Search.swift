internal import P2PProtocol

/// SEARCH and LIST: first the titles whose name is what was typed, then all others, each ascending; every group once.
extension Engine {
    /// Carries a search on for at most `Limits.postingsPerStep` postings; true when it is finished.
    package func advance(_ search: inout Search) throws(Refusal) -> Bool {
        if search.progress.epoch != epoch {
            search.progress = Search.Progress()
            search.progress.epoch = epoch
        }
        let start = try search.start.map { (cursor) throws(Refusal) in try resolve(cursor) }
        let plan = plan(search.query)
        guard !plan.isHopeless else {
            search.progress.isFinished = true
            return true
        }
        if let only = plan.only, start == nil {
            listOnly(only, &search, plan)
            return true
        }
        var budget = limits.postingsPerStep
        if search.progress.phase == .exact { listExact(&search, plan, from: start, &budget) }
        if search.progress.phase == .rest { listRest(&search, plan, from: start, &budget) }
        return search.progress.isFinished
    }

    /// The whole search in one go.
    package func complete(_ search: inout Search) throws(Refusal) {
        while try !advance(&search) {}
    }

    /// A title that has no rival is in its place without its name being looked at.
    private func listOnly(_ title: TitleID, _ search: inout Search, _ plan: SearchPlan) {
        search.progress.isFinished = true
        guard plan.admits(title), isListed(title, plan) else { return }
        search.progress.total = 1
        search.progress.page = [group(title, search.grouping)]
    }

    private func listExact(_ search: inout Search, _ plan: SearchPlan, from start: Cursor?, _ budget: inout Int) {
        guard let names = run(exact: search.query.exactText) else { return search.progress.phase = .rest }
        var candidates = Candidates(
            plan, with: names, from: search.progress.position, below: catalog.titles.count)
        while let title = candidates.next(&budget) {
            guard isListed(title, plan) else { continue }
            let group = group(title, search.grouping)
            guard search.progress.exact.insert(group) else { continue }
            search.progress.total += 1
            let isBehind = start.map { $0.phase == .exact && title >= $0.title } ?? true
            if isBehind { search.offer(group, at: Cursor(phase: .exact, title: title, epoch: epoch)) }
        }
        search.progress.position = candidates.resumption ?? 0
        if candidates.resumption == nil { search.progress.phase = .rest }
    }

    private func listRest(_ search: inout Search, _ plan: SearchPlan, from start: Cursor?, _ budget: inout Int) {
        let begin = start.map { $0.phase == .rest ? $0.title : 0 } ?? 0
        let isEverything = search.query.isEverything
        // The counts of everything are kept, so the pages before need not be walked again.
        if isEverything { search.progress.position = max(search.progress.position, begin) }
        var candidates = Candidates(plan, from: search.progress.position, below: catalog.titles.count)
        while let title = candidates.next(&budget) {
            guard isListed(title, plan) else { continue }
            guard isNew(title, &search) else { continue }
            search.progress.total += 1
            if title >= begin, search.progress.next == nil {
                search.offer(group(title, search.grouping), at: Cursor(phase: .rest, title: title, epoch: epoch))
            }
            if isEverything, search.progress.next != nil { break }
        }
        search.progress.position = candidates.resumption ?? 0
        search.progress.isFinished = candidates.resumption == nil || (isEverything && search.progress.next != nil)
        if isEverything, search.progress.isFinished { search.progress.total = everything(search.grouping) }
    }

    /// Whether a title that the lists agree on is in the answer.
    private func isListed(_ title: TitleID, _ plan: SearchPlan) -> Bool {
        catalog.shownTitles.contains(title) && (plan.isDecidedByLists || passes(title, plan))
    }

    /// Whether a title begins a line: its group is not among the exact ones, and a group of several titles is listed
    /// where the first of them stands.
    private func isNew(_ title: TitleID, _ search: inout Search) -> Bool {
        let hasSeveral = search.grouping == .contents ? catalog.aliases : catalog.homonyms
        if search.progress.exact.isEmpty, !hasSeveral.contains(title) { return true }
        let group = group(title, search.grouping)
        guard !search.progress.exact.contains(group) else { return false }
        guard hasSeveral.contains(title) else { return true }
        guard search.progress.seen.insert(group) else { return false }
        return !search.query.isEverything || !isListedBefore(title, search.grouping)
    }

    private func isListedBefore(_ title: TitleID, _ grouping: Search.Grouping) -> Bool {
        var earlier = next(of: title, grouping)
        while earlier != .none {
            if catalog.titles[Int(earlier)].shown > 0 { return true }
            earlier = next(of: earlier, grouping)
        }
        return false
    }
}

/// What differs between contents and names.
extension Engine {
    private func group(_ title: TitleID, _ grouping: Search.Grouping) -> UInt32 {
        grouping == .contents ? catalog.titles[Int(title)].content : catalog.titles[Int(title)].name
    }

    private func next(of title: TitleID, _ grouping: Search.Grouping) -> TitleID {
        grouping == .contents ? catalog.titles[Int(title)].nextOfContent : catalog.titles[Int(title)].nextOfName
    }

    private func everything(_ grouping: Search.Grouping) -> Int {
        grouping == .contents ? catalog.shownContents : catalog.names.shownCount
    }
}

extension Search {
    /// Takes a line into the page, or remembers that it begins the next one.
    fileprivate mutating func offer(_ group: UInt32, at cursor: Cursor) {
        if progress.page.count < limit {
            progress.page.append(group)
        } else if progress.next == nil {
            progress.next = cursor
        }
    }
}
