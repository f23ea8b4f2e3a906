internal import P2PProtocol

/// The bytes of a word. Up to 15 of them stand here, which spares most look-ups a visit elsewhere; longer words are in
/// an arena.
struct Spelling: Equatable {
    /// The first eight bytes, and the others with the length in the highest byte; of a long word where it begins, its
    /// length, and a highest byte that no length is.
    private let first: UInt64
    private let second: UInt64

    private static let longest = 15
    private static let isLong: UInt64 = 0xFF << 56

    /// A short word; a long one has to be told apart by its bytes.
    init(_ word: Span<UInt8>) {
        guard word.count <= Self.longest else {
            (first, second) = (0, Self.isLong)
            return
        }
        (first, second) = (Self.pack(word, from: 0), Self.pack(word, from: 8) | UInt64(word.count) << 56)
    }

    /// A long word, put into the arena; nil when that is full.
    init?(_ word: Span<UInt8>, in arena: inout Arena) {
        guard let offset = arena.append(word) else { return nil }
        (first, second) = (UInt64(offset), Self.isLong | UInt64(word.count))
    }

    var isShort: Bool { second < Self.isLong }

    /// Whether this is a long word of these bytes.
    func holds(_ word: Span<UInt8>, _ arena: borrowing Arena) -> Bool {
        !isShort && arena.holds(word, at: UInt32(truncatingIfNeeded: first), length: longCount)
    }

    func starts(with prefix: Span<UInt8>, _ arena: borrowing Arena) -> Bool {
        guard isShort else {
            guard prefix.count <= longCount else { return false }
            return arena.holds(prefix, at: UInt32(truncatingIfNeeded: first), length: prefix.count)
        }
        guard prefix.count <= Int(second >> 56) else { return false }
        for index in 0..<prefix.count where byte(at: index) != prefix[index] { return false }
        return true
    }

    func withBytes<Result>(_ arena: borrowing Arena, _ body: (Span<UInt8>) -> Result) -> Result {
        guard isShort else { return arena.withBytes(at: UInt32(truncatingIfNeeded: first), length: longCount, body) }
        let bytes = (0..<Int(second >> 56)).map { byte(at: $0) }
        return body(bytes.span)
    }

    private var longCount: Int { Int(second & ~Self.isLong) }

    private func byte(at index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: (index < 8 ? first : second) >> UInt64((index & 7) * 8))
    }

    private static func pack(_ word: Span<UInt8>, from start: Int) -> UInt64 {
        var packed: UInt64 = 0
        for index in start..<max(start, min(word.count, start + 8)) {
            packed |= UInt64(word[index]) << UInt64((index - start) * 8)
        }
        return packed
    }
}
