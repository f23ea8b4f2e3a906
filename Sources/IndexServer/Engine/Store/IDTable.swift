internal import P2PProtocol

/// A hash table of 32-bit numbers: open addressing, linear probing, eight bytes a slot. The keys stay where they are;
/// the caller tells whether a number's key is the one looked for.
///
/// A slot holds 32 bits of the hash beside the number, so that a probe seldom touches a wrong key and growing touches
/// none. Slots stand in the order of those bits, which makes any capacity possible and growth one pass.
struct IDTable {
    private var slots: [UInt64] = []
    private(set) var count = 0

    /// An empty table with room for so many numbers. Numbers that come in the order of their hashes need it: in a small
    /// table the first of them would all crowd at its beginning.
    init(reserving count: Int = 0) {
        if count > 0 { slots = [UInt64](repeating: 0, count: count + count / 2 + 8) }
    }

    /// The seeded hash of bytes: names from strangers must not choose their slots.
    static func hash(_ bytes: Span<UInt8>) -> UInt32 {
        var hasher = Hasher()
        bytes.withUnsafeBufferPointer { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        return UInt32(truncatingIfNeeded: hasher.finalize())
    }

    /// The seeded hash of a few numbers.
    static func hash(_ first: UInt64, _ second: UInt64 = 0) -> UInt32 {
        var hasher = Hasher()
        hasher.combine(first)
        hasher.combine(second)
        return UInt32(truncatingIfNeeded: hasher.finalize())
    }

    /// Where the number stands whose key `matches`; nil when there is none.
    func position(_ hash: UInt32, where matches: (UInt32) -> Bool) -> Int? {
        guard !slots.isEmpty else { return nil }
        var index = home(hash)
        while slots[index] != 0 {
            if UInt32(slots[index] >> 32) == hash, matches(number(at: index)) { return index }
            index = next(index)
        }
        return nil
    }

    /// The number whose key `matches`.
    func find(_ hash: UInt32, where matches: (UInt32) -> Bool) -> UInt32? {
        position(hash, where: matches).map(number(at:))
    }

    func number(at position: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: slots[position]) &- 1
    }

    /// Puts another number under the same key.
    mutating func replace(at position: Int, with number: UInt32) {
        slots[position] = (slots[position] >> 32) << 32 | UInt64(number &+ 1)
    }

    /// Adds a number that is not there. Numbers are below 2³² − 1.
    mutating func insert(_ hash: UInt32, _ number: UInt32) {
        if (count + 1) * 4 > slots.count * 3 { grow() }
        place(UInt64(hash) << 32 | UInt64(number &+ 1))
        count += 1
    }

    /// Takes out the number at a position and closes the gap, so that no markers pile up.
    mutating func remove(at position: Int) {
        var hole = position
        var index = next(position)
        while slots[index] != 0 {
            let wanted = home(UInt32(slots[index] >> 32))
            if distance(from: wanted, to: index) >= distance(from: hole, to: index) {
                slots[hole] = slots[index]
                hole = index
            }
            index = next(index)
        }
        slots[hole] = 0
        count -= 1
    }

    /// Every number with its hash, in no order that means anything.
    func forEach(_ body: (_ hash: UInt32, _ number: UInt32) -> Void) {
        for slot in slots where slot != 0 { body(UInt32(slot >> 32), UInt32(truncatingIfNeeded: slot) &- 1) }
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt64](repeating: 0, count: Swift.max(8, old.count + old.count / 2))
        for slot in old where slot != 0 { place(slot) }
    }

    private mutating func place(_ slot: UInt64) {
        var index = home(UInt32(slot >> 32))
        while slots[index] != 0 { index = next(index) }
        slots[index] = slot
    }

    private func home(_ hash: UInt32) -> Int { Int((UInt64(hash) * UInt64(slots.count)) >> 32) }

    private func next(_ index: Int) -> Int { index + 1 == slots.count ? 0 : index + 1 }

    private func distance(from start: Int, to end: Int) -> Int {
        end >= start ? end - start : end - start + slots.count
    }
}
