internal import P2PProtocol
package import P2PRuntime

/// Dropping what nobody holds any more. What is left keeps its order under new numbers, in a catalog that `Compaction`
/// makes beside the old one.
extension Engine {
    /// How often the catalog was compacted: numbers of titles and contents hold for one epoch.
    var epoch: Int { renumberings.epoch }

    /// The cursor in today's numbers.
    func resolve(_ cursor: Cursor) throws(Refusal) -> Cursor {
        try renumberings.resolve(cursor)
    }

    /// Begins to compact the catalog when half of it, and more than `least` titles, are dead; true when it did. From
    /// now on it is as if what is dead, and did not leave just now, had never been.
    package mutating func beginCompactionIfWorthwhile(now: Moment, atLeast least: Int = 1_024) -> Bool {
        departed.age(now: now)
        let (dead, all) = (catalog.deadTitles, catalog.titles.count)
        guard catalog.compaction == nil, dead > least, dead > all / 2 else { return false }
        let kept = departed.union(catalog.heldTitles)
        guard kept.count <= all / 4 * 3 else { return false }
        catalog.dropped = kept.complement(below: all)
        catalog.compaction = Compaction(of: catalog, start: now)
        return true
    }

    /// What has become of the compaction after a step.
    package enum CompactionState {
        case none
        case underWay
        /// All is taken: it may be finished.
        case ready
    }

    /// Carries the compaction on by a step. Others may read meanwhile; one task at a time makes the steps.
    package func advanceCompaction() -> CompactionState {
        guard let compaction = catalog.compaction else { return .none }
        return compaction.advance(catalog, peers, entries: limits.entriesPerStep) ? .ready : .underWay
    }

    /// Puts the new catalog in the place of the old one, which goes with what is returned: to free it takes a while.
    /// Nil when there is more to take after all.
    package mutating func finishCompaction() -> Compaction? {
        guard let compaction = catalog.compaction, compaction.isComplete(catalog, peers) else { return nil }
        // What a sweep has counted has to get its new numbers at once.
        guard sweeps.allSatisfy({ $0.counted.count <= limits.entriesPerStep }) else { return nil }
        compaction.replace(&catalog)
        for slot in peers.indices { compaction.renumber(&peers[slot], in: PeerSlot(slot)) }
        for index in sweeps.indices { compaction.renumber(&sweeps[index]) }
        compaction.renumber(&departed)
        renumberings.note(compaction.kept)
        return compaction
    }
}
