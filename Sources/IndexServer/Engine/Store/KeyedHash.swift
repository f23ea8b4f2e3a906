package import P2PProtocol

/// The hashes of the tables, keyed anew in each process: names and roots come from strangers, who must not choose
/// their slots.
///
/// Bytes are multiplied with the keys two halves of a word at a time and summed (NH of UMAC), and the sum goes through
/// a vector multiply-shift: two inputs chosen without the keys meet with a probability of at most 2⁻³¹, at a fraction
/// of SipHash's cost. docs/decisions/0010-keyed-hashes.md has the argument.
package enum KeyedHash {
    /// What is longer has no keys and takes the slow way; a folded name seldom is.
    private static let longest = 1_024
    private static let byteKeys = InlineArray<128, UInt64> { _ in UInt64.random(in: .min ... .max) }
    private static let endKeys = InlineArray<10, UInt64> { _ in UInt64.random(in: .min ... .max) }

    /// The hash of bytes.
    package static func hash(_ bytes: Span<UInt8>) -> UInt32 {
        bytes.withUnsafeBufferPointer { buffer in
            let raw = UnsafeRawBufferPointer(buffer)
            return raw.count <= longest ? short(raw) : long(raw)
        }
    }

    /// The hash of two numbers.
    package static func hash(_ first: UInt64, _ second: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: (part(first, 0) &+ part(second, 2) &+ endKeys[8]) >> 32)
    }

    /// A root is hashed whole: whoever sends it could else choose many that differ only in what is left out.
    package static func hash(_ root: Digest) -> UInt32 {
        let (first, second, third, last) = root.words
        let sum = part(first, 0) &+ part(second, 2) &+ part(third, 4) &+ part(last, 6)
        return UInt32(truncatingIfNeeded: (sum &+ endKeys[8]) >> 32)
    }

    private static func short(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var sum: UInt64 = 0
        var offset = 0
        while offset + 8 < bytes.count {
            sum &+= product(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self), byteKeys[offset / 8])
            offset += 8
        }
        // The last word overlaps the one before: with the length, which is hashed too, that says as much as padding.
        if !bytes.isEmpty { sum &+= product(lastWord(bytes), byteKeys[offset / 8]) }
        return UInt32(truncatingIfNeeded: (part(sum, 0) &+ part(UInt64(bytes.count), 2) &+ endKeys[8]) >> 32)
    }

    private static func lastWord(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        let count = bytes.count
        if count >= 8 { return bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self) }
        if count >= 4 {
            let first = bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self)
            let last = bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
            return UInt64(last) << 32 | UInt64(first)
        }
        return UInt64(bytes[count - 1]) << 16 | UInt64(bytes[count / 2]) << 8 | UInt64(bytes[0])
    }

    private static func long(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var hasher = Hasher()
        hasher.combine(bytes: bytes)
        return UInt32(truncatingIfNeeded: hasher.finalize())
    }

    private static func product(_ word: UInt64, _ key: UInt64) -> UInt64 {
        let low = UInt32(truncatingIfNeeded: word) &+ UInt32(truncatingIfNeeded: key)
        let high = UInt32(truncatingIfNeeded: word >> 32) &+ UInt32(truncatingIfNeeded: key >> 32)
        return UInt64(low) &* UInt64(high)
    }

    private static func part(_ value: UInt64, _ key: Int) -> UInt64 {
        (value & 0xFFFF_FFFF) &* endKeys[key] &+ (value >> 32) &* endKeys[key + 1]
    }
}
