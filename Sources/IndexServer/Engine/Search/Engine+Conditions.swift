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
        scratch.removeAll(keepingCapacity: true)
        catalog.names.withBytes(catalog.titles[Int(title)].name) { Folding.fold($0, into: &scratch) }
        return phrase.phrase.isIn(scratch)
    }

    private func isSized(_ content: ContentID, _ range: ClosedRange<Int>) -> Bool {
        size(of: content).map(range.contains) ?? false
    }

    private func isSource(_ peer: PeerSlot?, of content: ContentID) -> Bool {
        guard let peer, peers[Int(peer)].reachability.isHere, shows(content, of: peer) else { return false }
        return catalog.sources.position(of: peer, in: catalog.contents.sources(content)) != nil
    }
}
