/// A set of numbers that often lie close together: by blocks of 65,536, each a short ascending list or a bit for each.
/// A million neighbours take an eighth of a byte each, a few stragglers two bytes.
package struct NumberSet {
    fileprivate struct Block {
        /// The high half of its numbers.
        let high: UInt16
        var count = 0
        /// The low halves, ascending, while they are few; then `bits` has them.
        var few: [UInt16] = []
        var bits: [UInt64] = []
    }

    /// As many as take the room of the bits.
    private static let mostFew = 4_096
    private var blocks: [Block] = []
    /// How many there are.
    package private(set) var count = 0

    /// An empty set.
    package init() {}

    /// Whether a number is in the set.
    package func contains(_ number: UInt32) -> Bool {
        let (index, isThere) = block(of: number)
        return isThere && blocks[index].contains(UInt16(truncatingIfNeeded: number))
    }

    /// Adds a number; false when it was there.
    @discardableResult
    package mutating func insert(_ number: UInt32) -> Bool {
        let (index, isThere) = block(of: number)
        if !isThere { blocks.insert(Block(high: UInt16(number >> 16)), at: index) }
        guard blocks[index].insert(UInt16(truncatingIfNeeded: number)) else { return false }
        if blocks[index].few.count > Self.mostFew { blocks[index].spread() }
        count += 1
        return true
    }

    /// Takes a number out.
    package mutating func remove(_ number: UInt32) {
        let (index, isThere) = block(of: number)
        guard isThere, blocks[index].remove(UInt16(truncatingIfNeeded: number)) else { return }
        if blocks[index].count == 0 { blocks.remove(at: index) }
        count -= 1
    }

    /// The smallest number that is not below `number`.
    package func first(from number: UInt32) -> UInt32? {
        var (index, isThere) = block(of: number)
        if isThere {
            if let low = blocks[index].first(from: UInt16(truncatingIfNeeded: number)) {
                return UInt32(blocks[index].high) << 16 | UInt32(low)
            }
            index += 1
        }
        guard index < blocks.count, let low = blocks[index].first(from: 0) else { return nil }
        return UInt32(blocks[index].high) << 16 | UInt32(low)
    }

    /// The numbers, ascending.
    package func forEach(_ body: (UInt32) -> Void) {
        for block in blocks {
            let high = UInt32(block.high) << 16
            for low in block.few { body(high | UInt32(low)) }
            for (index, bits) in block.bits.enumerated() {
                var rest = bits
                while rest != 0 {
                    body(high | UInt32(index * 64 + rest.trailingZeroBitCount))
                    rest &= rest - 1
                }
            }
        }
    }

    /// Where the block of a number is, or belongs.
    private func block(of number: UInt32) -> (index: Int, isThere: Bool) {
        let high = UInt16(number >> 16)
        // Most numbers come in ascending order.
        guard let last = blocks.last, last.high >= high else { return (blocks.count, false) }
        if last.high == high { return (blocks.count - 1, true) }
        var low = 0
        var end = blocks.count
        while low < end {
            let middle = (low + end) / 2
            if blocks[middle].high < high { low = middle + 1 } else { end = middle }
        }
        return (low, low < blocks.count && blocks[low].high == high)
    }
}

extension NumberSet.Block {
    fileprivate func contains(_ low: UInt16) -> Bool {
        guard bits.isEmpty else { return bits[Int(low / 64)] & (1 << UInt64(low % 64)) != 0 }
        let index = place(of: low)
        return index < few.count && few[index] == low
    }

    fileprivate mutating func insert(_ low: UInt16) -> Bool {
        guard bits.isEmpty else {
            let bit: UInt64 = 1 << UInt64(low % 64)
            guard bits[Int(low / 64)] & bit == 0 else { return false }
            bits[Int(low / 64)] |= bit
            count += 1
            return true
        }
        let index = place(of: low)
        guard index == few.count || few[index] != low else { return false }
        few.insert(low, at: index)
        count += 1
        return true
    }

    fileprivate mutating func remove(_ low: UInt16) -> Bool {
        guard contains(low) else { return false }
        if bits.isEmpty {
            few.remove(at: place(of: low))
        } else {
            bits[Int(low / 64)] &= ~(1 << UInt64(low % 64))
        }
        count -= 1
        return true
    }

    fileprivate func first(from low: UInt16) -> UInt16? {
        guard !bits.isEmpty else {
            let index = place(of: low)
            return index < few.count ? few[index] : nil
        }
        var index = Int(low / 64)
        var rest = bits[index] & (~0 << UInt64(low % 64))
        while rest == 0 {
            index += 1
            guard index < bits.count else { return nil }
            rest = bits[index]
        }
        return UInt16(index * 64 + rest.trailingZeroBitCount)
    }

    /// Turns the list into bits.
    fileprivate mutating func spread() {
        bits = [UInt64](repeating: 0, count: 1_024)
        for low in few { bits[Int(low / 64)] |= 1 << UInt64(low % 64) }
        few = []
    }

    private func place(of low: UInt16) -> Int {
        guard let last = few.last, last >= low else { return few.count }
        var start = 0
        var end = few.count
        while start < end {
            let middle = (start + end) / 2
            if few[middle] < low { start = middle + 1 } else { end = middle }
        }
        return start
    }
}
