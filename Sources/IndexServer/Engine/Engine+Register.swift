package import P2PProtocol
package import P2PRuntime

/// REG, QUIT, and what becomes of the entries of peers that fall silent.
extension Engine {
    /// Registers a peer with its list and says its id. Without an id it gets the next one; with one (whose token the
    /// caller has checked) it takes that registration over. What it listed before is replaced: what stays listed is
    /// never gone in between, so nobody is told that it was found.
    package mutating func register(
        _ description: PeerDescription, as claimed: PeerID? = nil, sharing list: [FileEntry], now: Moment
    ) throws(Refusal) -> PeerID {
        try checkRoom(for: list.count, beside: 0)
        let id = try claim(claimed)
        guard let slot = slot(id) else {
            let slot = admit(RegisteredPeer(id: id, description, now: now))
            if isWatched { events.append(.joined(peers[Int(slot)].key)) }
            _ = try add(list, to: slot)
            return id
        }
        try replace(slot, by: description, sharing: list, now: now)
        return id
    }

    /// Removes a peer and all that it lists; false when it is not registered.
    @discardableResult
    package mutating func unregister(_ id: PeerID) -> Bool {
        guard let slot = slot(id) else { return false }
        release(peers[Int(slot)].titles, peers[Int(slot)].partials, by: slot)
        if isWatched { events.append(.left(peers[Int(slot)].key)) }
        dismiss(slot)
        return true
    }

    /// Notes that a peer was heard of, which renews its lease.
    package mutating func renew(_ id: PeerID, now: Moment) {
        guard let slot = slot(id) else { return }
        peers[Int(slot)].lastHeard = max(now, peers[Int(slot)].lastHeard)
    }

    /// Removes the peers whose lease has ended, and says which.
    package mutating func expire(now: Moment) -> [PeerID] {
        let expired = dictionary.keys.map(\.id).filter { id in
            slot(id).map { peers[Int($0)].deadline <= now } ?? false
        }
        for id in expired { unregister(id) }
        return expired.sorted()
    }

    /// The peer's port answered as only the peer could: its files are offered from now on.
    package mutating func markProven(_ id: PeerID) {
        guard let slot = slot(id), peers[Int(slot)].reachability != .proven else { return }
        peers[Int(slot)].reachability = .proven
        reveal(slot)
    }

    /// The peer's port did not answer.
    package mutating func markUnreachable(_ id: PeerID) {
        guard let slot = slot(id), peers[Int(slot)].reachability != .refused else { return }
        if peers[Int(slot)].reachability == .proven { conceal(slot) }
        peers[Int(slot)].reachability = .refused
    }

    /// A proof holds for the host, port and certificate that it was made for.
    private mutating func replace(
        _ slot: PeerSlot, by description: PeerDescription, sharing list: [FileEntry], now: Moment
    ) throws(Refusal) {
        let old = peers[Int(slot)]
        var new = RegisteredPeer(id: old.key.id, description, now: now)
        if new.key == old.key, description.certificate == old.description.certificate {
            new.reachability = old.reachability
        } else if old.reachability == .proven {
            conceal(slot)
        }
        replace(slot, with: new)
        _ = try add(list, to: slot)
        release(old.titles, old.partials, by: slot)
    }

    private mutating func release(_ titles: TitleSet, _ partials: [ContentID: TitleID], by slot: PeerSlot) {
        for title in titles.sorted { release(title, by: slot) }
        for (content, title) in partials { releasePartial(content, under: title, by: slot) }
    }
}
