package import P2PProtocol
package import P2PRuntime

/// A registration whose list is still being added, out of sight.
package struct Arrival: Sendable {
    fileprivate let slot: PeerSlot
}

/// REG in steps. A list comes out of sight, and in one moment the peer is there with all of it, in the place of what it
/// listed before. What a search finds of a great one follows, as when a port is proven.
extension Engine {
    /// Begins to register a peer, which is refused where its list has no room. It ends with `finish` or `abandon`.
    package mutating func beginArrival(
        _ description: PeerDescription, as claimed: PeerID? = nil, expecting count: Int, now: Moment
    ) throws(Refusal) -> Arrival {
        try checkRoom(for: count, beside: 0)
        var peer = RegisteredPeer(id: try claim(claimed), description, now: now)
        peer.reachability = .arriving
        return Arrival(slot: admit(peer))
    }

    /// Adds to its list.
    package mutating func extend(_ arrival: Arrival, by list: ArraySlice<FileEntry>) throws(Refusal) {
        try checkRoom(for: list.count, beside: peers[Int(arrival.slot)].files)
        _ = try add(list, to: arrival.slot)
    }

    /// Whoever registers does so no longer.
    package mutating func abandon(_ arrival: Arrival) { dismiss(arrival.slot) }

    /// Enters the peer in the dictionary, in the place of its old record, and says its id. A proof holds for the host,
    /// port and certificate that it was made for.
    package mutating func finish(_ arrival: Arrival) -> PeerID {
        let slot = arrival.slot
        let key = peers[Int(slot)].key
        var reachability = Reachability.unknown
        if let old = self.slot(key.id) {
            settle(old)
            let record = peers[Int(old)]
            if record.key == key, record.description.certificate == peers[Int(slot)].description.certificate {
                reachability = record.reachability
            }
            leave(old)
            planDismissal(of: old, wasKept: false)
        } else if isWatched {
            events.append(.joined(key))
        }
        if let former = absent.slot(key.id) { settle(former) }
        // What is under way with it may have ended in its being forgotten.
        if let former = absent.welcome(key.id) { planDismissal(of: former, wasKept: true) }
        peers[Int(slot)].reachability = reachability
        enter(slot)
        // The last that is planned comes first: what stays listed is never gone in between.
        plan(.enter, of: slot)
        sweep()
        return key.id
    }

    private mutating func planDismissal(of slot: PeerSlot, wasKept: Bool) {
        var budget = 0
        dismiss(slot, wasKept: wasKept, &budget)
    }
}
