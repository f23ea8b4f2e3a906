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
        (first, second) = word.withUnsafeBytes { Self.pack($0) }
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

    /// Up to 15 bytes and their count, read in two pieces that overlap.
    private static func pack(_ word: UnsafeRawBufferPointer) -> (UInt64, UInt64) {
        let count = word.count
        let length = UInt64(count) << 56
        guard count >= 8 else { return (packFew(word), length) }
        let first = word.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
        guard count > 8 else { return (first, length) }
        let last = word.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        return (first, last >> UInt64(8 * (16 - count)) | length)
    }

    private static func packFew(_ word: UnsafeRawBufferPointer) -> UInt64 {
        let count = word.count
        if count >= 4 {
            let first = word.loadUnaligned(fromByteOffset: 0, as: UInt32.self)
            let last = word.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
            return UInt64(first) | UInt64(last) << UInt64(8 * (count - 4))
        }
        guard count > 0 else { return 0 }
        // Where they overlap they are the same.
        return UInt64(word[0]) | UInt64(word[count / 2]) << UInt64(8 * (count / 2))
            | UInt64(word[count - 1]) << UInt64(8 * (count - 1))
    }
}
