internal import P2PRuntime

/// Peers that have left and whose lists are remembered. Their records keep their places; only what a SEARCH that asks
/// for it shows of them is told from here.
struct AbsentPeers {
    private struct Absence {
        let slot: PeerSlot
        /// When its list is forgotten.
        let end: Moment
        /// Its list is still being read from the disk.
        var isArriving: Bool
    }

    private var byID: [PeerID: Absence] = [:]
    /// Nobody's time is over before this.
    private var earliestEnd = Moment.distantFuture
    /// Entries of all of them.
    var files = 0
    /// Peers whose lists were given up since somebody asked, and that have not been back since then.
    private var forgotten: Set<PeerID> = []
    /// While lists are read from the disk: who has been here meanwhile, and of whom that is not the last list.
    private var returned: Set<PeerID>?

    var count: Int { byID.count }

    var slots: [PeerSlot] { byID.values.map(\.slot) }

    mutating func note(_ id: PeerID, in slot: PeerSlot, until end: Moment, isArriving: Bool = false) {
        earliestEnd = min(earliestEnd, end)
        byID[id] = Absence(slot: slot, end: end, isArriving: isArriving)
    }

    /// The peer is here: the place of what was remembered of it. What is said of its old list is out of date.
    mutating func welcome(_ id: PeerID) -> PeerSlot? {
        forgotten.remove(id)
        returned?.insert(id)
        return byID.removeValue(forKey: id)?.slot
    }

    /// Gives its list up: the place of that.
    mutating func forget(_ id: PeerID) -> PeerSlot? {
        guard let slot = byID.removeValue(forKey: id)?.slot else { return nil }
        forgotten.insert(id)
        return slot
    }

    mutating func takeForgotten() -> Set<PeerID> {
        defer { forgotten = [] }
        return forgotten
    }

    mutating func beginRecall() { returned = [] }

    mutating func endRecall() { returned = nil }

    /// Whether what the disk has of it may be out of date.
    func hasReturned(_ id: PeerID) -> Bool { returned?.contains(id) == true }

    func contains(_ id: PeerID) -> Bool { byID[id] != nil }

    func slot(_ id: PeerID) -> PeerSlot? { byID[id]?.slot }

    /// The place of a peer whose list is still being read.
    func arriving(_ id: PeerID) -> PeerSlot? {
        byID[id].flatMap { $0.isArriving ? $0.slot : nil }
    }

    mutating func finishArriving(_ id: PeerID) { byID[id]?.isArriving = false }

    /// Those whose time is over.
    mutating func expired(now: Moment) -> [PeerID] {
        guard earliestEnd <= now else { return [] }
        let expired = byID.filter { $0.value.end <= now }.map(\.key)
        earliestEnd = byID.values.map(\.end).filter { $0 > now }.min() ?? .distantFuture
        return expired
    }

    /// The one to give up first where there is no room for all.
    var oldest: PeerID? { byID.min { ($0.value.end, $0.key) < ($1.value.end, $1.key) }?.key }
}
