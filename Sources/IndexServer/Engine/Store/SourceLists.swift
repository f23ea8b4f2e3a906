/// Where a peer's record stands while it is registered.
typealias PeerSlot = UInt32

/// A peer as a source of one content.
struct SourceRecord {
    let peer: PeerSlot
    /// Under how many names the peer has the content whole; 0 is a partial source.
    var copies: UInt32

    var isPartial: Bool { copies == 0 }
}

/// Who has a content. One whole source, which most contents have, stands in the reference itself.
struct SourceLists {
    /// A content's sources: none, one peer, or the number of a list.
    struct Reference {
        fileprivate var value: UInt32 = .none
        fileprivate var isList = false
    }

    private var lists: [[SourceRecord]] = []
    private var free: [UInt32] = []
    private var ids: [PeerID] = []

    /// Says which peer a slot stands for now: lists ascend by id.
    mutating func admit(_ id: PeerID, as peer: PeerSlot) {
        while ids.count <= Int(peer) { ids.append(0) }
        ids[Int(peer)] = id
    }

    func count(_ reference: Reference) -> Int {
        guard reference.isList else { return reference.value == .none ? 0 : 1 }
        return lists[Int(reference.value)].count
    }

    /// The source at a position of the list.
    func source(at index: Int, of reference: Reference) -> SourceRecord {
        guard reference.isList else { return SourceRecord(peer: reference.value, copies: 1) }
        return lists[Int(reference.value)][index]
    }

    /// The position of the first source whose id is not below `id`.
    func position(of id: PeerID, in reference: Reference) -> Int {
        var low = 0
        var high = count(reference)
        while low < high {
            let middle = (low + high) / 2
            if ids[Int(source(at: middle, of: reference).peer)] < id { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The position of one peer; nil when it is no source.
    func position(of peer: PeerSlot, in reference: Reference) -> Int? {
        let index = position(of: ids[Int(peer)], in: reference)
        return index < count(reference) && source(at: index, of: reference).peer == peer ? index : nil
    }

    /// Adds a source that is not there yet.
    mutating func insert(_ source: SourceRecord, in reference: inout Reference) {
        let index = position(of: ids[Int(source.peer)], in: reference)
        if !reference.isList {
            if reference.value == .none, !source.isPartial {
                reference.value = source.peer
                return
            }
            makeList(&reference)
        }
        lists[Int(reference.value)].insert(source, at: index)
    }

    mutating func setCopies(_ copies: UInt32, at index: Int, in reference: inout Reference) {
        if !reference.isList {
            guard copies != 1 else { return }
            makeList(&reference)
        }
        lists[Int(reference.value)][index].copies = copies
    }

    mutating func remove(at index: Int, in reference: inout Reference) {
        guard reference.isList else { return reference = Reference() }
        lists[Int(reference.value)].remove(at: index)
        let rest = lists[Int(reference.value)]
        guard rest.count <= 1, rest.first?.isPartial != true else { return }
        lists[Int(reference.value)] = []
        free.append(reference.value)
        reference = Reference()
        if let last = rest.first {
            if last.copies == 1 { reference.value = last.peer } else { adopt(last, in: &reference) }
        }
    }

    private mutating func makeList(_ reference: inout Reference) {
        let alone = reference.value
        reference.isList = true
        reference.value = free.popLast() ?? newList()
        if alone != .none { lists[Int(reference.value)].append(SourceRecord(peer: alone, copies: 1)) }
    }

    private mutating func adopt(_ source: SourceRecord, in reference: inout Reference) {
        makeList(&reference)
        lists[Int(reference.value)].append(source)
    }

    private mutating func newList() -> UInt32 {
        lists.appendTightly([])
        return UInt32(lists.count - 1)
    }
}
