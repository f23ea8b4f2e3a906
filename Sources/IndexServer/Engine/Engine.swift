package import P2PProtocol
internal import P2PRuntime

/// The index as a value: commands in, answers out. It is told the time and asks for nothing; it knows neither sockets
/// nor locks.
///
/// Entries of the NAMES kind are shown at once, those of FILES once their peer's port is proven; a hidden entry is
/// held and counted, but no answer has it.
package struct Engine: ~Copyable {
    /// The dictionary of the design card: who is here. The names stand with the peer's record.
    private(set) var dictionary: [PeerKey: PeerSlot] = [:]
    private var slots: [PeerID: PeerSlot] = [:]
    private var vacant: [PeerSlot] = []
    /// The records, by slot. A vacant slot keeps an empty one.
    var peers: [RegisteredPeer] = []
    private(set) var sourceTexts = SourceTexts()
    var catalog = Catalog()
    var departed = DepartedTitles()
    var absent = AbsentPeers()
    var renumberings = Renumberings()
    package var limits: Limits
    /// The next id to give out.
    package private(set) var nextID: PeerID
    /// Entries of all peers that are here.
    package internal(set) var entryCount = 0
    /// Whether anybody is subscribed; events are collected only then.
    package var isWatched = false
    var events: [EngineEvent] = []
    var handovers: [Handover] = []
    private var listChanges = 0
    /// Changes of whole shares that are not finished.
    var sweeps: [Sweep] = []

    /// `nextID` is what durable state remembers.
    package init(limits: Limits = .standard, nextID: PeerID = 1) {
        self.limits = limits
        self.nextID = nextID
    }

    /// Registered peers.
    package var peerCount: Int { slots.count }

    /// Contents that a SEARCH can find.
    package var contentCount: Int { catalog.shownContents }

    /// Distinct names that LIST knows.
    package var nameCount: Int { catalog.names.shownCount }

    /// The record of a registered peer.
    package func peer(_ id: PeerID) -> RegisteredPeer? {
        slot(id).map { peers[Int($0)] }
    }

    /// What happened since the last time, for subscribers.
    package mutating func takeEvents() -> [EngineEvent] {
        defer { events.removeAll(keepingCapacity: true) }
        return events
    }

    /// What UPD GOT did since the last time.
    package mutating func takeHandovers() -> [Handover] {
        defer { handovers.removeAll() }
        return handovers
    }

    func slot(_ id: PeerID) -> PeerSlot? { slots[id] }

    /// The place of a registered peer, nothing being under way with its entries.
    mutating func settled(_ id: PeerID) throws(Refusal) -> PeerSlot {
        guard let slot = slots[id] else { throw .notRegistered }
        settle(slot)
        return slot
    }

    /// The id for a registration: the next one, or a known one that is taken over.
    mutating func claim(_ id: PeerID?) throws(Refusal) -> PeerID {
        if let id {
            guard id >= 1, id < nextID else { throw .unknownID }
            return id
        }
        defer { nextID += 1 }
        return nextID
    }

    /// Makes a place for a new peer.
    mutating func admit(_ peer: RegisteredPeer) -> PeerSlot {
        let slot: PeerSlot
        if let old = vacant.popLast() {
            slot = old
            peers[Int(slot)] = peer
        } else {
            slot = PeerSlot(peers.count)
            peers.append(peer)
        }
        catalog.sources.admit(peer.key.id, as: slot)
        sourceTexts.admit(peer.key, host: peer.hostText, as: slot)
        return slot
    }

    /// Enters the peer of a place in the dictionary.
    mutating func enter(_ slot: PeerSlot) {
        let key = peers[Int(slot)].key
        slots[key.id] = slot
        dictionary[key] = slot
        noteListChange(slot)
    }

    /// Takes a peer out of the dictionary; its record stays in its place.
    mutating func leave(_ slot: PeerSlot) {
        let key = peers[Int(slot)].key
        slots[key.id] = nil
        dictionary[key] = nil
    }

    /// What a peer lists or shows is another now.
    mutating func noteListChange(_ slot: PeerSlot) {
        listChanges += 1
        peers[Int(slot)].listChange = listChanges
    }

    /// Gives up the place of a peer that has left the dictionary. Its entries are gone already.
    mutating func vacate(_ slot: PeerSlot) {
        peers[Int(slot)] = .vacant
        catalog.compaction?.noteVacated(slot)
        vacant.append(slot)
    }
}
