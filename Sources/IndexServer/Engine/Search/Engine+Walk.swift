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
}
