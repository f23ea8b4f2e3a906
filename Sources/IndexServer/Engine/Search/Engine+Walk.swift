internal import P2PProtocol

/// Walking through a plan, a chunk of titles at a time.
extension Engine {
    /// The next chunk from `number` on in which the plan's first list has anything. `lead` goes before that.
    func nextChunk(from number: UInt32, _ plan: SearchPlan, lead: SearchPlan.List? = nil) -> UInt32? {
        guard let first = lead ?? plan.required.first else {
            return number << Postings.chunkBits < plan.end ? number : nil
        }
        return nextChunk(from: number, of: first).flatMap { $0 << Postings.chunkBits < plan.end ? $0 : nil }
    }

    /// Leaves in `set` the titles of a chunk on which the lists agree and which may begin a line, and says how many
    /// postings were read for it: those that are listed, and those whose group may be.
    func load(
        _ number: UInt32, _ plan: SearchPlan, lead: SearchPlan.List? = nil, without: SearchPlan.List? = nil,
        for grouping: Search.Grouping, into set: inout ChunkSet
    ) -> Int {
        let first = lead ?? plan.required.first
        var cost = PostingChunk.words
        if let first {
            let chunk = chunk(number, of: first)
            cost = min(chunk.count, PostingChunk.words)
            set.load(chunk)
        } else {
            set.load(plan.listed ?? catalog.shownTitles, or: several(grouping), chunk: number)
        }
        for list in lead == nil ? plan.required.dropFirst() : plan.required[...] where !set.isEmpty {
            set.keep(chunk(number, of: list))
        }
        if first != nil, !set.isEmpty {
            set.keep(plan.listed ?? catalog.shownTitles, or: several(grouping), chunk: number)
        }
        if catalog.dropped.count > 0, !set.isEmpty { set.drop(catalog.dropped, chunk: number) }
        if let required = plan.requiredSet, !set.isEmpty { set.keep(required, chunk: number) }
        for list in plan.excluded where !set.isEmpty { set.drop(chunk(number, of: list)) }
        if let excluded = plan.excludedSet, !set.isEmpty { set.drop(excluded, chunk: number) }
        if let without, !set.isEmpty { set.drop(chunk(number, of: without)) }
        // They may be in the lists by now, but come with those that waited.
        if !plan.waiting.isEmpty, number == plan.end >> Postings.chunkBits {
            set.drop(from: UInt16(truncatingIfNeeded: plan.end))
        }
        return cost * (1 + plan.required.count + (plan.requiredSet == nil ? 0 : 1))
    }

    /// Takes the titles of a chunk from the position on that pass what the lists did not decide, until `body` says no
    /// or the budget ends, which is false; the position follows, into the next chunk when nothing is left.
    func walk(
        _ set: borrowing ChunkSet, in chunk: UInt32, _ search: inout Search, _ plan: SearchPlan, _ budget: inout Int,
        _ body: (TitleID, inout Search) -> Bool
    ) -> Bool {
        var turn = Turn.further
        var scratch = Bytes()
        // Closures, not a function of this one: what that changes would be checked at each title.
        if plan.phrases.isEmpty {
            set.forEach(from: UInt16(truncatingIfNeeded: search.progress.position)) { low in
                turn = take(chunk << Postings.chunkBits | UInt32(low), &search, plan, &budget, &scratch, body)
                return turn == .further
            }
        } else {
            walkPhrases(set, in: chunk, from: search.progress.position, plan) { title in
                turn = take(title, &search, plan, &budget, &scratch, body)
                return turn == .further
            }
        }
        switch turn {
        case .stopped: return true
        // Only where titles may be left: loading alone can take the budget, and it would be taken again and again.
        case .cut: return false
        case .further:
            search.progress.enter(chunk + 1)
            return true
        }
    }

    /// How a walk goes on after a title.
    private enum Turn {
        case further
        case stopped
        case cut
    }

    private func take(
        _ title: TitleID, _ search: inout Search, _ plan: SearchPlan, _ budget: inout Int, _ scratch: inout Bytes,
        _ body: (TitleID, inout Search) -> Bool
    ) -> Turn {
        search.progress.position = title + 1
        budget -= plan.isDecidedByLists ? 1 : 4
        if passes(title, plan, &scratch), !body(title, &search) { return .stopped }
        return budget > 0 ? .further : .cut
    }

    /// Gives on the titles that may have the phrases, as many at a time as have their names at hand then.
    private func walkPhrases(
        _ set: borrowing ChunkSet, in chunk: UInt32, from position: TitleID, _ plan: SearchPlan,
        _ take: (TitleID) -> Bool
    ) {
        var next = Int(UInt16(truncatingIfNeeded: position))
        while next < Postings.chunkTitles {
            // Apart from what is done with them: what both changed would be checked at each title.
            var some: [TitleID] = []
            var last = Postings.chunkTitles
            set.forEach(from: UInt16(truncatingIfNeeded: next)) { low in
                let title = chunk << Postings.chunkBits | UInt32(low)
                guard mayHavePhrases(title, plan) else { return true }
                some.append(title)
                last = Int(low)
                return some.count < Self.namesSideBySide
            }
            approachNames(of: some)
            for title in some { guard take(title) else { return } }
            guard some.count == Self.namesSideBySide else { return }
            next = last + 1
        }
    }

    private static var namesSideBySide: Int { 32 }
}
