package import P2PProtocol
package import P2PRuntime

/// REG and QUIT, and what a proof changes.
extension Engine {
    /// Registers a peer with its list and says its id. Without an id it gets the next one; with one (whose token the
    /// caller has checked) it takes that registration over. What it listed before is replaced: what stays listed is
    /// never gone in between, so nobody is told that it was found.
    package mutating func register(
        _ description: PeerDescription, as claimed: PeerID? = nil, sharing list: [FileEntry], now: Moment
    ) throws(Refusal) -> PeerID {
        let arrival = try beginArrival(description, as: claimed, expecting: list.count, now: now)
        do throws(Refusal) {
            try extend(arrival, by: list[...])
        } catch {
            abandon(arrival)
            throw error
        }
        return finish(arrival)
    }

    /// Removes a peer and all that it lists; false when it is not registered. What a proven peer has is remembered
    /// until then, for those who ask for what is offline.
    @discardableResult
    package mutating func unregister(_ id: PeerID, rememberingUntil end: Moment? = nil) -> Bool {
        guard let slot = slot(id) else { return false }
        settle(slot)
        if isWatched { events.append(.left(peers[Int(slot)].key)) }
        leave(slot)
        if let end, peers[Int(slot)].reachability == .proven {
            remember(slot, until: end)
        } else {
            dismiss(slot)
        }
        return true
    }

    /// The peer's port answered as only the peer could: its files are offered from now on.
    package mutating func markProven(_ id: PeerID) {
        guard let slot = slot(id), peers[Int(slot)].reachability != .proven else { return }
        settle(slot)
        peers[Int(slot)].reachability = .proven
        noteListChange(slot)
        begin(.reveal, of: slot)
    }

    /// The peer's port did not answer.
    package mutating func markUnreachable(_ id: PeerID) {
        guard let slot = slot(id), peers[Int(slot)].reachability != .refused else { return }
        settle(slot)
        let wasProven = peers[Int(slot)].reachability == .proven
        peers[Int(slot)].reachability = .refused
        noteListChange(slot)
        if wasProven { begin(.conceal, of: slot) }
    }
}
