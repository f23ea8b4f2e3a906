package import P2PProtocol

/// Which pieces of a file are there and verified: one bit a piece, high bit first, as `/have` carries it.
package struct PieceSet: Equatable, Sendable {
    package let count: Int
    package private(set) var bits: Bytes
    /// How many pieces are in the set.
    package private(set) var filled = 0

    package init(count: Int) {
        self.count = max(0, count)
        bits = Bytes(repeating: 0, count: (self.count + 7) / 8)
    }

    /// From the form that travels; nil unless it is exactly as long as so many pieces make it.
    package init?(wire: Bytes, count: Int) {
        self.init(count: count)
        guard wire.count == bits.count else { return nil }
        if count % 8 != 0, let last = wire.last, last << UInt8(count % 8) != 0 { return nil }
        bits = wire
        filled = wire.reduce(0) { $0 + $1.nonzeroBitCount }
    }

    package var isComplete: Bool { filled == count }

    package func contains(_ piece: Int) -> Bool {
        guard piece >= 0, piece < count else { return false }
        return bits[piece / 8] & Self.mask(piece) != 0
    }

    package mutating func insert(_ piece: Int) {
        guard piece >= 0, piece < count, !contains(piece) else { return }
        bits[piece / 8] |= Self.mask(piece)
        filled += 1
    }

    package mutating func remove(_ piece: Int) {
        guard contains(piece) else { return }
        bits[piece / 8] &= ~Self.mask(piece)
        filled -= 1
    }

    /// The first run of missing pieces at or after `start`, at most `longest` of them; nil when nothing is missing there.
    package func missingRun(from start: Int = 0, longest: Int = .max) -> Range<Int>? {
        guard let first = (max(0, start)..<max(count, start)).first(where: { !contains($0) }), first < count else {
            return nil
        }
        var end = first + 1
        while end < count, end - first < longest, !contains(end) { end += 1 }
        return first..<end
    }

    private static func mask(_ piece: Int) -> UInt8 { 0x80 >> UInt8(piece % 8) }
}
