internal import P2PProtocol

/// Changes of whole shares in steps. What a peer's state says holds from the first step on: who has left is no source
/// of anything, even while its entries are still being let go. Kept counts follow entry by entry, so that between two
/// steps a content may still be found of which the last source has just left. Whoever changes a peer's entries
/// finishes what is under way first, so that no two changes meet.
extension Engine {
    /// Whether there are changes that are not finished.
    package var isSweeping: Bool { !sweeps.isEmpty }

    /// Carries them on by a step; true when there is more to do.
    @discardableResult
    package mutating func sweep() -> Bool {
        var budget = limits.entriesPerStep
        while budget > 0, !sweeps.isEmpty { step(sweeps.count - 1, &budget) }
        return isSweeping
    }

    /// Carries on what is under way with some peers, before their entries are changed; false when that is nothing.
    package mutating func sweep(_ ids: [PeerID]) -> Bool {
        guard isSweeping else { return false }
        for id in ids {
            guard let slot = slot(id) ?? absent.slot(id), let index = unfinished(slot) else { continue }
            var budget = limits.entriesPerStep
            step(index, &budget)
            return true
        }
        return false
    }

    /// Begins a change, and finishes it at once where the share is not greater than a step.
    mutating func begin(_ change: Sweep.Change, of slot: PeerSlot) {
        var budget = limits.entriesPerStep
        begin(change, of: slot, &budget)
    }

    /// Begins one of several changes that share a step; what does not fit into it waits.
    mutating func begin(_ change: Sweep.Change, of slot: PeerSlot, _ budget: inout Int) {
        sweeps.append(Sweep(change, of: slot))
        if budget > 0 { step(sweeps.count - 1, &budget) }
    }

    /// Begins a change that has its turn before all others, but not yet.
    mutating func plan(_ change: Sweep.Change, of slot: PeerSlot) {
        var budget = 0
        begin(change, of: slot, &budget)
    }

    /// Finishes what is under way with a peer.
    mutating func settle(_ slot: PeerSlot) {
        while isSweeping, let index = unfinished(slot) {
            var budget = Int.max
            step(index, &budget)
        }
    }

    /// Takes a peer's record out of use. It keeps its place until the last of its entries is gone.
    mutating func dismiss(_ slot: PeerSlot, wasKept: Bool = false) {
        var budget = limits.entriesPerStep
        dismiss(slot, wasKept: wasKept, &budget)
    }

    /// The same as one of several changes that share a step.
    mutating func dismiss(_ slot: PeerSlot, wasKept: Bool, _ budget: inout Int) {
        let shown = peers[Int(slot)].reachability.visibility
        peers[Int(slot)].reachability = .gone
        if wasKept { absent.files -= peers[Int(slot)].files } else { entryCount -= peers[Int(slot)].files }
        begin(.dismiss(shown: shown, wasKept: wasKept), of: slot, &budget)
    }

    /// How many sources of a content may be listed: the kept count, unless some that left are still in it.
    func liveSources(of content: ContentID) -> Int {
        guard isSweeping else { return Int(catalog.contents.live(content)) }
        var count = 0
        forEachHolder(of: content, limit: .max) { _, _ in count += 1 }
        return count
    }

    private func unfinished(_ slot: PeerSlot) -> Int? { sweeps.firstIndex { $0.peer == slot } }

    private mutating func step(_ index: Int, _ budget: inout Int) {
        var sweep = sweeps.remove(at: index)
        let titles = peers[Int(sweep.peer)].titles.some(from: sweep.next, limit: budget)
        budget -= max(1, titles.count)
        apply(titles, &sweep)
        if let last = titles.last, peers[Int(sweep.peer)].titles.first(from: last + 1) != nil {
            sweep.next = last + 1
            sweeps.insert(sweep, at: index)
        } else {
            finish(&sweep, &budget)
        }
    }

    private mutating func apply(_ titles: [TitleID], _ sweep: inout Sweep) {
        let slot = sweep.peer
        switch sweep.change {
        case .enter: reveal(titles.filter { shows(catalog.titles[Int($0)].content, of: slot) }, &sweep)
        case .reveal: reveal(hideable(titles), &sweep)
        case .conceal: catalog.conceal(hideable(titles), of: slot, &sweep.counted)
        case .keep:
            catalog.conceal(hideable(titles), of: slot, &sweep.counted)
            for title in titles { keep(title, of: slot) }
        case .dismiss(let shown, let wasKept):
            for title in titles {
                let isShown = shown.includes(kind(of: title))
                catalog.release(title, by: slot, isShown: isShown)
                if isShown, catalog.titles.held(title) == 0 { departed.note(title) }
                if wasKept { recheck(title) }
            }
        }
    }

    private mutating func finish(_ sweep: inout Sweep, _ budget: inout Int) {
        let slot = sweep.peer
        switch sweep.change {
        case .enter: break
        case .reveal: reveal(Array(peers[Int(slot)].partials.values), &sweep)
        case .conceal: catalog.conceal(Array(peers[Int(slot)].partials.values), of: slot, &sweep.counted)
        case .keep: finishKeeping(slot, &budget)
        case .dismiss(let shown, _):
            for title in peers[Int(slot)].partials.values {
                catalog.release(title, by: slot, isPartial: true, isShown: shown.includes(kind(of: title)))
            }
            vacate(slot)
        }
    }

    private mutating func reveal(_ titles: [TitleID], _ sweep: inout Sweep) {
        let found = catalog.reveal(titles, of: sweep.peer, &sweep.counted)
        for title in found { noteFound(title, from: sweep.peer) }
    }

    /// Those that depend on the proof.
    private func hideable(_ titles: [TitleID]) -> [TitleID] { titles.filter { kind(of: $0) != .bare } }

    private func kind(of title: TitleID) -> Content.Kind {
        catalog.contents[catalog.titles[Int(title)].content].kind
    }
}
