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
        try checkRoom(for: list.count, beside: 0)
        let id = try claim(claimed)
        if let slot = slot(id) {
            try replace(slot, by: description, sharing: list, now: now)
            return id
        }
        // What is remembered goes when the new list stands.
        let former = absent.slot(id)
        if let former { settle(former) }
        defer { if let former = absent.remove(id) { dismiss(former, wasKept: true) } }
        let slot = admit(RegisteredPeer(id: id, description, now: now))
        enter(slot)
        do throws(Refusal) {
            _ = try add(list, to: slot)
        } catch {
            // Who is refused is not here: nobody would take it out again.
            unregister(id)
            throw error
        }
        if isWatched { events.append(.joined(peers[Int(slot)].key)) }
        return id
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

    /// Gives a peer a new record in a new place, with a new list, before the old one goes. A proof holds for the host,
    /// port and certificate that it was made for.
    private mutating func replace(
        _ slot: PeerSlot, by description: PeerDescription, sharing list: [FileEntry], now: Moment
    ) throws(Refusal) {
        settle(slot)
        let (key, certificate) = (peers[Int(slot)].key, peers[Int(slot)].description.certificate)
        var new = RegisteredPeer(id: key.id, description, now: now)
        if new.key == key, description.certificate == certificate { new.reachability = peers[Int(slot)].reachability }
        leave(slot)
        defer { dismiss(slot) }
        let place = admit(new)
        enter(place)
        noteListChange(place)
        _ = try add(list, to: place)
    }
}
