internal import P2PProtocol

/// SEARCH and LIST: first the titles whose name is what was typed, then all others, each ascending; every group once.
extension Engine {
    /// Carries a search on for about `Limits.postingsPerStep` postings; true when it is finished.
    package func advance(_ search: inout Search) throws(Refusal) -> Bool {
        if search.progress.epoch != epoch {
            search.progress = Search.Progress()
            search.progress.epoch = epoch
        }
        let start = try search.start.map { (cursor) throws(Refusal) in try resolve(cursor) }
        // Taken out and put back, so that it is changed in place.
        var plan = search.progress.plan ?? plan(search.query)
        search.progress.plan = nil
        guard !plan.isVain else {
            search.progress.isFinished = true
            return true
        }
        if let only = plan.only, start == nil, plan.unions.isEmpty {
            listOnly(only, &search, plan)
            return true
        }
        if search.includesOffline, plan.listed == nil {
            plan.listed = catalog.shownTitles.union(catalog.offlineTitles)
        }
        var budget = limits.postingsPerStep
        if unite(&plan, &budget) { list(&search, &plan, from: start, &budget) }
        search.progress.plan = plan
        return search.progress.isFinished
    }

    /// The whole search in one go.
    package func complete(_ search: inout Search) throws(Refusal) {
        while try !advance(&search) {}
    }

    /// A title that has no rival is in its place without its name being looked at.
    private func listOnly(_ title: TitleID, _ search: inout Search, _ plan: SearchPlan) {
        search.progress.isFinished = true
        var scratch = Bytes()
        guard isListed(title, search), admits(title, plan), passes(title, plan, &scratch) else { return }
        search.take(group(title, search.grouping))
    }

    private func list(_ search: inout Search, _ plan: inout SearchPlan, from start: Cursor?, _ budget: inout Int) {
        var set = ChunkSet()
        if search.progress.phase == .exact { listExact(&search, plan, from: start, &set, &budget) }
        if search.progress.phase == .rest { listRest(&search, plan, from: start, &set, &budget) }
    }

    // MARK: Exact names

    private func listExact(
        _ search: inout Search, _ plan: SearchPlan, from start: Cursor?, _ set: inout ChunkSet, _ budget: inout Int
    ) {
        while !plan.isHopeless, let exact = plan.exact,
            let chunk = nextChunk(from: search.progress.chunk, plan, lead: exact)
        {
            guard budget > 0 else { return }
            search.progress.enter(chunk)
            budget -= load(chunk, plan, lead: exact, for: search.grouping, into: &set)
            let isDone = walk(set, in: chunk, &search, plan, &budget) { title, search in
                takeExact(title, &search, plan, from: start)
                return true
            }
            guard isDone else { return }
            search.progress.enter(chunk + 1)
        }
        guard walkWaiting(&search, plan, &budget, { takeExact($0, &$1, plan, from: start) }) else { return }
        (search.progress.phase, search.progress.position, search.progress.waiting) = (.rest, 0, 0)
    }

    private func takeExact(_ title: TitleID, _ search: inout Search, _ plan: SearchPlan, from start: Cursor?) {
        let group = group(title, search.grouping)
        // A group is looked through once, whatever comes of it: it may have very many titles.
        guard !isOneOfSeveral(title, search) || search.progress.met.insert(group),
            isAnyListed(title, search, plan, exactly: true), search.progress.exact.insert(group)
        else { return }
        search.progress.total += 1
        let isBehind = start.map { $0.phase == .exact && title >= $0.title } ?? true
        if isBehind { search.offer(group, at: Cursor(phase: .exact, title: title, epoch: epoch)) }
    }

    // MARK: The rest

    private func listRest(
        _ search: inout Search, _ plan: SearchPlan, from start: Cursor?, _ set: inout ChunkSet, _ budget: inout Int
    ) {
        let begin = start.map { $0.phase == .rest ? $0.title : 0 } ?? 0
        let isEverything = search.isEverything
        // The counts of everything are kept, so the pages before need not be walked again.
        if isEverything {
            search.progress.position = max(search.progress.position, begin)
            search.progress.waiting = max(search.progress.waiting, begin)
        }
        while !plan.isHopeless, let chunk = nextChunk(from: search.progress.chunk, plan) {
            guard budget > 0 else { return }
            search.progress.enter(chunk)
            budget -= load(chunk, plan, without: plan.exact, for: search.grouping, into: &set)
            guard listPage(from: begin, set, chunk, &search, plan, &budget) else { return }
            if isEverything, search.progress.next != nil { break }
            count(&set, chunk, &search, plan, &budget)
            search.progress.enter(chunk + 1)
        }
        if !isEverything || search.progress.next == nil {
            guard walkWaiting(&search, plan, &budget, { takeRest($0, &$1, plan, from: begin) }) else { return }
        }
        search.progress.isFinished = true
        if isEverything { search.progress.total = everything(search.grouping) }
    }

    /// Takes the titles of a chunk one by one, as long as the page is not full or they have to be looked at; the
    /// position tells how far. False when the budget ended first.
    private func listPage(
        from begin: TitleID, _ set: borrowing ChunkSet, _ chunk: UInt32, _ search: inout Search, _ plan: SearchPlan,
        _ budget: inout Int
    ) -> Bool {
        let isBefore = (chunk + 1) << Postings.chunkBits <= begin
        if plan.isDecidedByLists, isBefore || search.progress.next != nil { return true }
        return walk(set, in: chunk, &search, plan, &budget) { title, search in
            takeRest(title, &search, plan, from: begin)
            return !plan.isDecidedByLists || search.progress.next == nil
        }
    }

    private func takeRest(_ title: TitleID, _ search: inout Search, _ plan: SearchPlan, from begin: TitleID) {
        guard isNew(title, &search, plan) else { return }
        search.progress.total += 1
        if title >= begin, search.progress.next == nil {
            search.offer(group(title, search.grouping), at: Cursor(phase: .rest, title: title, epoch: epoch))
        }
    }

    /// Counts the titles of a chunk that stand behind the position.
    private func count(
        _ set: inout ChunkSet, _ chunk: UInt32, _ search: inout Search, _ plan: SearchPlan, _ budget: inout Int
    ) {
        guard search.progress.chunk == chunk else { return }
        let several = several(search.grouping)
        set.drop(below: UInt16(truncatingIfNeeded: search.progress.position))
        search.progress.total += set.count(outside: several, chunk: chunk)
        set.keep(several, chunk: chunk)
        guard !set.isEmpty else { return }
        set.forEach(from: 0) { low in
            if isNew(chunk << Postings.chunkBits | UInt32(low), &search, plan) { search.progress.total += 1 }
            budget -= 1
            return true
        }
    }

    /// Whether a title begins a line: its group is not among the exact ones, and a group of several titles stands where
    /// the oldest of them does. That one need not be listed just now: lines would change their places while pages are
    /// read.
    private func isNew(_ title: TitleID, _ search: inout Search, _ plan: SearchPlan) -> Bool {
        // The titles of exact names are not among the rest: only another name of their group can be.
        guard isOneOfSeveral(title, search) else { return true }
        let group = group(title, search.grouping)
        guard !search.progress.exact.contains(group), search.progress.seen.insert(group) else { return false }
        // The pages before were not walked through.
        if search.isEverything, isPreceded(title, search.grouping) { return false }
        return isAnyListed(title, search, plan, exactly: false)
    }

    private func isOneOfSeveral(_ title: TitleID, _ search: Search) -> Bool {
        several(search.grouping).contains(title)
    }

    private func isPreceded(_ title: TitleID, _ grouping: Search.Grouping) -> Bool {
        var earlier = next(of: title, grouping)
        while earlier != .none {
            if catalog.isKnown(earlier) { return true }
            earlier = next(of: earlier, grouping)
        }
        return false
    }

    /// Whether a title that matches is listed, or another one of its group that does.
    private func isAnyListed(_ title: TitleID, _ search: Search, _ plan: SearchPlan, exactly: Bool) -> Bool {
        if isListed(title, search) { return true }
        var other = newest(of: group(title, search.grouping), search.grouping)
        while other != .none {
            if isListed(other, search), isMatch(other, search, plan, exactly: exactly) { return true }
            other = next(of: other, search.grouping)
        }
        return false
    }

    private func isMatch(_ title: TitleID, _ search: Search, _ plan: SearchPlan, exactly: Bool) -> Bool {
        guard title < plan.end else { return plan.waiting.contains(title) && matches(title, search, plan, exactly) }
        guard !plan.isHopeless, (plan.exact.map { contains(title, in: $0) } ?? false) == exactly else { return false }
        var scratch = Bytes()
        return admits(title, plan) && passes(title, plan, &scratch)
    }
}

/// What differs between contents and names.
extension Engine {
    func group(_ title: TitleID, _ grouping: Search.Grouping) -> UInt32 {
        grouping == .contents ? catalog.titles[Int(title)].content : catalog.titles[Int(title)].name
    }

    /// Titles whose group has others.
    func several(_ grouping: Search.Grouping) -> BitSet {
        grouping == .contents ? catalog.aliases : catalog.homonyms
    }

    private func newest(of group: UInt32, _ grouping: Search.Grouping) -> TitleID {
        grouping == .contents ? catalog.contents[group].newestTitle : catalog.names.newestTitle(group)
    }

    private func next(of title: TitleID, _ grouping: Search.Grouping) -> TitleID {
        grouping == .contents ? catalog.titles.nextOfContent(title) : catalog.titles.nextOfName(title)
    }

    private func everything(_ grouping: Search.Grouping) -> Int {
        grouping == .contents ? catalog.shownContents : catalog.names.shownCount
    }
}

extension Search {
    /// Takes the only line of an answer.
    mutating func take(_ group: UInt32) {
        progress.total = 1
        progress.page = [group]
    }

    /// Takes a line into the page, or remembers that it begins the next one.
    fileprivate mutating func offer(_ group: UInt32, at cursor: Cursor) {
        if progress.page.count < limit {
            progress.page.append(group)
        } else if progress.next == nil {
            progress.next = cursor
        }
    }
}

extension Search.Progress {
    /// The chunk in which the position is.
    var chunk: UInt32 { position >> Postings.chunkBits }

    /// Goes to the beginning of a chunk, unless the position is in it already.
    mutating func enter(_ chunk: UInt32) {
        position = max(position, chunk << Postings.chunkBits)
    }
}
