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
        let remembered = absent.remove(id)
        let slot = remembered ?? admit(RegisteredPeer(id: id, description, now: now))
        enter(slot)
        do throws(Refusal) {
            if remembered != nil {
                try welcomeBack(slot, by: description, sharing: list, now: now)
            } else {
                _ = try add(list, to: slot)
            }
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
        if isWatched { events.append(.left(peers[Int(slot)].key)) }
        leave(slot)
        if let end, peers[Int(slot)].reachability == .proven {
            remember(slot, until: end)
        } else {
            release(peers[Int(slot)].titles, peers[Int(slot)].partials, by: slot)
            vacate(slot)
        }
        return true
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
    mutating func replace(
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
        defer { release(old.titles, old.partials, by: slot) }
        _ = try add(list, to: slot)
    }

    private mutating func release(_ titles: TitleSet, _ partials: [ContentID: TitleID], by slot: PeerSlot) {
        for title in titles.sorted { release(title, by: slot) }
        for (content, title) in partials { releasePartial(content, under: title, by: slot) }
    }
}
