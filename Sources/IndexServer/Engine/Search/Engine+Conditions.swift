internal import P2PProtocol

/// Conditions that no list answers.
extension Engine {
    /// Whether a title meets what is left of a query. `scratch` is room that the next call uses again.
    func passes(_ title: TitleID, _ plan: SearchPlan, _ scratch: inout Bytes) -> Bool {
        for phrase in plan.phrases where has(phrase, title, &scratch) == phrase.isNegated { return false }
        guard !plan.sizes.isEmpty || !plan.peers.isEmpty else { return true }
        let content = catalog.titles[Int(title)].content
        for size in plan.sizes where isSized(content, size.range) == size.isNegated { return false }
        for peer in plan.peers where isSource(peer.slot, of: content) == peer.isNegated { return false }
        return true
    }

    private func has(_ phrase: SearchPlan.PlannedPhrase, _ title: TitleID, _ scratch: inout Bytes) -> Bool {
        guard catalog.words.pairs(of: title).mayHold(phrase.pairs) else { return false }
        return catalog.names.withBytes(catalog.titles[Int(title)].name) { name in
            if let isIn = phrase.phrase.isIn(ascii: name) { return isIn }
            scratch.removeAll(keepingCapacity: true)
            Folding.fold(name, into: &scratch)
            return phrase.phrase.isIn(scratch)
        }
    }

    /// Whether a title may have the phrases that are asked for, its name not looked at.
    func mayHavePhrases(_ title: TitleID, _ plan: SearchPlan) -> Bool {
        let pairs = catalog.words.pairs(of: title)
        return plan.phrases.allSatisfy { $0.isNegated || pairs.mayHold($0.pairs) }
    }

    /// Has the names of some titles at hand: side by side the waits for memory overlap.
    func approachNames(of titles: [TitleID]) {
        let names = titles.map { catalog.titles[Int($0)].name }
        let starts = names.map { catalog.names.start(of: $0) }
        let seen = zip(names, starts).reduce(0) { seen, name in
            seen ^ Int(name.1) ^ catalog.names.withBytes(name.0) { $0.count }
        }
        withExtendedLifetime(seen) {}
    }

    private func isSized(_ content: ContentID, _ range: ClosedRange<Int>) -> Bool {
        size(of: content).map(range.contains) ?? false
    }

    func isSource(_ peer: PeerSlot?, of content: ContentID) -> Bool {
        guard let peer, peers[Int(peer)].reachability.isHere, shows(content, of: peer) else { return false }
        return catalog.sources.position(of: peer, in: catalog.contents.sources(content)) != nil
    }
}
