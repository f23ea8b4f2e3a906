/// Where a peer's record stands while it is registered.
package typealias PeerSlot = UInt32

/// A peer as a source of one content.
package struct SourceRecord: Equatable, Sendable {
    package let peer: PeerSlot
    /// Under how many names the peer has the content whole; 0 is a partial source.
    package var copies: UInt32

    package init(peer: PeerSlot, copies: UInt32) { (self.peer, self.copies) = (peer, copies) }

    var isPartial: Bool { copies == 0 }
}

/// Who has a content. One whole source, which most contents have, stands in the reference itself; more stand in a block
/// of one flat pool, by ascending id, so that a reader follows one address and nobody counts references.
package struct SourceLists: Sendable {
    /// A content's sources: none, one peer, or the number of a block.
    package struct Reference: Sendable {
        private static let listBit: UInt32 = 1 << 31
        /// The number with the high bit for a list; all ones for none, which is neither.
        private var bits: UInt32

        package init() { bits = .none }

        fileprivate init(value: UInt32, isList: Bool = false) {
            bits = isList ? value & ~Self.listBit | Self.listBit : value
        }

        fileprivate var isList: Bool { bits != .none && bits & Self.listBit != 0 }

        fileprivate var value: UInt32 { bits == .none ? .none : bits & ~Self.listBit }
    }

    /// Records of the smallest block. Each class of blocks is twice as large as the one before.
    private static let smallest = 4

    /// Blocks one behind the other. The first record of each is its head: how many sources follow, and its class; or,
    /// while it is free, the next free block.
    private var pool: [SourceRecord] = []
    /// The first free block of each class.
    private var free: [UInt32] = []
    private var usedBlocks = 0
    private var ids: [PeerID] = []

    package init() {}

    /// Records that it has room for.
    package var capacity: Int { pool.count }

    /// Says which peer a slot stands for now: lists ascend by id.
    package mutating func admit(_ id: PeerID, as peer: PeerSlot) {
        while ids.count <= Int(peer) { ids.append(0) }
        ids[Int(peer)] = id
    }

    /// How many sources there are.
    package func count(_ reference: Reference) -> Int {
        guard reference.isList else { return reference.value == .none ? 0 : 1 }
        return Int(pool[head(reference)].peer)
    }

    /// The source at a position of the list.
    package func source(at index: Int, of reference: Reference) -> SourceRecord {
        guard reference.isList else { return SourceRecord(peer: reference.value, copies: 1) }
        return pool[head(reference) + 1 + index]
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
    package func position(of peer: PeerSlot, in reference: Reference) -> Int? {
        let (id, count) = (ids[Int(peer)], count(reference))
        var index = position(of: id, in: reference)
        // A peer that has just registered anew has an outdated record beside the new one.
        while index < count {
            let other = source(at: index, of: reference).peer
            if other == peer { return index }
            guard ids[Int(other)] == id else { return nil }
            index += 1
        }
        return nil
    }

    /// Adds a source that is not there yet.
    package mutating func insert(_ source: SourceRecord, in reference: inout Reference) {
        let index = position(of: ids[Int(source.peer)], in: reference)
        if !reference.isList {
            if reference.value == .none, source.copies == 1 {
                reference = Reference(value: source.peer)
                return
            }
            makeList(&reference)
        }
        let count = count(reference)
        if count + 1 == Self.size(blockClass(reference)) { move(&reference, to: blockClass(reference) + 1) }
        let first = head(reference) + 1
        for place in stride(from: first + count, to: first + index, by: -1) { pool[place] = pool[place - 1] }
        pool[first + index] = source
        setHead(reference, count: count + 1)
    }

    /// Says under how many names the source at a position has the content.
    package mutating func setCopies(_ copies: UInt32, at index: Int, in reference: inout Reference) {
        if !reference.isList {
            guard copies != 1 else { return }
            makeList(&reference)
        }
        pool[head(reference) + 1 + index].copies = copies
    }

    /// Takes the source at a position out.
    package mutating func remove(at index: Int, in reference: inout Reference) {
        guard reference.isList else { return reference = Reference() }
        let count = count(reference) - 1
        let first = head(reference) + 1
        for place in first + index..<first + count { pool[place] = pool[place + 1] }
        setHead(reference, count: count)
        if count == 0 || (count == 1 && pool[first].copies == 1) {
            let rest = count == 0 ? Reference() : Reference(value: pool[first].peer)
            giveBack(reference)
            reference = rest
        } else if blockClass(reference) > 0, count * 4 < Self.size(blockClass(reference)) {
            move(&reference, to: blockClass(reference) - 1)
        }
    }

    // MARK: Blocks

    private static func size(_ blockClass: Int) -> Int { smallest << blockClass }

    private func head(_ reference: Reference) -> Int { Int(reference.value) * Self.smallest }

    private func blockClass(_ reference: Reference) -> Int { Int(pool[head(reference)].copies) }

    private mutating func setHead(_ reference: Reference, count: Int) {
        pool[head(reference)] = SourceRecord(peer: UInt32(count), copies: pool[head(reference)].copies)
    }

    private mutating func makeList(_ reference: inout Reference) {
        let alone = reference.value
        reference = takeBlock(0)
        guard alone != .none else { return }
        pool[head(reference) + 1] = SourceRecord(peer: alone, copies: 1)
        setHead(reference, count: 1)
    }

    private mutating func move(_ reference: inout Reference, to blockClass: Int) {
        let (old, count) = (reference, count(reference))
        reference = takeBlock(blockClass)
        for index in 1..<count + 1 { pool[head(reference) + index] = pool[head(old) + index] }
        setHead(reference, count: count)
        giveBack(old)
    }

    /// An empty block.
    private mutating func takeBlock(_ blockClass: Int) -> Reference {
        while free.count <= blockClass { free.append(.none) }
        var block = Reference(value: free[blockClass], isList: true)
        if block.value == .none {
            block = Reference(value: UInt32(pool.count / Self.smallest), isList: true)
            for _ in 0..<Self.size(blockClass) { pool.appendTightly(SourceRecord(peer: .none, copies: 0)) }
        } else {
            free[blockClass] = pool[head(block)].peer
        }
        pool[head(block)] = SourceRecord(peer: 0, copies: UInt32(blockClass))
        usedBlocks += 1
        return block
    }

    private mutating func giveBack(_ block: Reference) {
        usedBlocks -= 1
        // The last one out leaves nothing behind.
        guard usedBlocks > 0 else { return (pool, free) = ([], []) }
        let blockClass = blockClass(block)
        pool[head(block)] = SourceRecord(peer: free[blockClass], copies: UInt32(blockClass))
        free[blockClass] = block.value
    }
}
