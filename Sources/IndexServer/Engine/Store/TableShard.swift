/// A small hash table with open addressing: six bytes a slot, grown by a quarter.
///
/// A slot holds the number plus one, and 16 bits of the hash: a probe seldom touches a wrong key, and growing touches
/// none. Whoever is farther from its home keeps the slot (Robin Hood), so that probes stay short in a table that is
/// nearly full and a miss ends early.
///
/// SAFETY: `cells` has `slots` cells, always initialised, and every slot number here is below `slots`. The table that
/// has the shard is not copied and frees it. An array would count references at each of a search's probes.
struct TableShard {
    private struct Cell {
        /// The number plus one; 0 in an empty slot.
        let value: UInt32
        let tag: UInt16
    }

    private static let cellBytes = 6
    private var cells: UnsafeMutableRawPointer?
    private var slots: UInt32 = 0
    private var count: UInt32 = 0

    /// Gives the cells back; the shard is not used again.
    func free() { cells?.deallocate() }

    /// The slot of the number whose key `matches`.
    func slot(of tag: UInt16, where matches: (UInt32) -> Bool) -> Int? {
        guard let cells else { return nil }
        var slot = home(tag)
        var distance = 0
        while true {
            let cell = Self.cell(at: slot, in: cells)
            guard cell.value != 0, self.distance(of: cell, at: slot) >= distance else { return nil }
            if cell.tag == tag, matches(cell.value &- 1) { return slot }
            slot = next(slot)
            distance += 1
        }
    }

    /// Looks at the place where a probe begins, and at nothing else: what it says is not the point.
    func approach(_ tag: UInt16) -> UInt32 {
        cells.map { Self.cell(at: home(tag), in: $0).value } ?? 0
    }

    /// The number in a slot that `slot(of:where:)` found.
    func number(at slot: Int) -> UInt32 {
        cells.map { Self.cell(at: slot, in: $0).value &- 1 } ?? .none
    }

    /// Puts another number in such a slot.
    func replace(at slot: Int, with number: UInt32) {
        guard let cells else { return }
        Self.put(Cell(value: number &+ 1, tag: Self.cell(at: slot, in: cells).tag), at: slot, in: cells)
    }

    mutating func insert(_ tag: UInt16, _ number: UInt32) {
        if (count + 1) * 8 > slots * 7 { grow() }
        place(Cell(value: number &+ 1, tag: tag))
        count += 1
    }

    func forEach(_ body: (_ tag: UInt16, _ number: UInt32) -> Void) {
        guard let cells else { return }
        for slot in 0..<Int(slots) {
            let cell = Self.cell(at: slot, in: cells)
            if cell.value != 0 { body(cell.tag, cell.value &- 1) }
        }
    }

    private mutating func grow() {
        let old = self
        slots = old.slots + max(8, old.slots / 4)
        let bytes = Int(slots) * Self.cellBytes
        let cells = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 8)
        cells.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        self.cells = cells
        old.forEach { tag, number in place(Cell(value: number &+ 1, tag: tag)) }
        old.free()
    }

    /// There is always an empty slot.
    private func place(_ new: Cell) {
        guard let cells else { return }
        var carried = new
        var slot = home(new.tag)
        var distance = 0
        while true {
            let cell = Self.cell(at: slot, in: cells)
            guard cell.value != 0 else { break }
            let theirs = self.distance(of: cell, at: slot)
            if theirs < distance {
                Self.put(carried, at: slot, in: cells)
                (carried, distance) = (cell, theirs)
            }
            slot = next(slot)
            distance += 1
        }
        Self.put(carried, at: slot, in: cells)
    }

    private static func cell(at slot: Int, in cells: UnsafeMutableRawPointer) -> Cell {
        Cell(
            value: cells.loadUnaligned(fromByteOffset: slot &* cellBytes, as: UInt32.self),
            tag: cells.loadUnaligned(fromByteOffset: slot &* cellBytes &+ 4, as: UInt16.self))
    }

    private static func put(_ cell: Cell, at slot: Int, in cells: UnsafeMutableRawPointer) {
        cells.storeBytes(of: cell.value, toByteOffset: slot &* cellBytes, as: UInt32.self)
        cells.storeBytes(of: cell.tag, toByteOffset: slot &* cellBytes &+ 4, as: UInt16.self)
    }

    private func home(_ tag: UInt16) -> Int { Int(truncatingIfNeeded: (UInt64(tag) &* UInt64(slots)) >> 16) }

    private func next(_ slot: Int) -> Int { slot &+ 1 == Int(slots) ? 0 : slot &+ 1 }

    private func distance(of cell: Cell, at slot: Int) -> Int {
        let home = home(cell.tag)
        return slot >= home ? slot &- home : slot &- home &+ Int(slots)
    }
}
