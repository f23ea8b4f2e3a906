/// Many counters, most of them small: a byte each. The few that outgrow it stand apart.
package struct Counts {
    private static let outgrown = UInt8.max
    private var small: [UInt8] = []
    private var large: [UInt32: UInt32] = [:]

    /// No counters.
    package init() {}

    /// How many counters there are.
    package var count: Int { small.count }

    /// Adds a counter.
    package mutating func append(_ value: UInt32 = 0) {
        small.appendTightly(0)
        set(UInt32(small.count - 1), to: value)
    }

    /// A counter's value.
    package subscript(number: UInt32) -> UInt32 {
        let byte = small[Int(number)]
        return byte < Self.outgrown ? UInt32(byte) : large[number] ?? 0
    }

    /// Counts one more and says how many there are now.
    @discardableResult
    package mutating func increment(_ number: UInt32) -> UInt32 {
        let value = self[number] &+ 1
        set(number, to: value)
        return value
    }

    /// Counts one less and says how many there are now.
    @discardableResult
    package mutating func decrement(_ number: UInt32) -> UInt32 {
        let value = self[number]
        assert(value > 0)
        guard value > 0 else { return 0 }
        set(number, to: value - 1)
        return value - 1
    }

    /// Puts a counter to a value.
    package mutating func set(_ number: UInt32, to value: UInt32) {
        let index = Int(number)
        if value < UInt32(Self.outgrown) {
            if small[index] == Self.outgrown { large[number] = nil }
            small[index] = UInt8(value)
        } else {
            small[index] = Self.outgrown
            large[number] = value
        }
    }
}
