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
    private static let byteKeys = 128
    private static let endKeys = 10
    /// First the keys of the words, then those of the end. Whoever hashes asks for them once: behind a static value is
    /// a call.
    ///
    /// SAFETY: written once, when it is made, and never freed.
    private nonisolated(unsafe) static let keys: UnsafePointer<UInt64> = {
        let keys = UnsafeMutablePointer<UInt64>.allocate(capacity: byteKeys + endKeys)
        for index in 0..<byteKeys + endKeys { (keys + index).initialize(to: .random(in: .min ... .max)) }
        return UnsafePointer(keys)
    }()

    /// The hash of bytes.
    package static func hash(_ bytes: Span<UInt8>) -> UInt32 {
        bytes.withUnsafeBufferPointer { buffer in
            let raw = UnsafeRawBufferPointer(buffer)
            return raw.count <= longest ? short(raw) : long(raw)
        }
    }

    /// The hash of two numbers.
    package static func hash(_ first: UInt64, _ second: UInt64) -> UInt32 {
        let keys = keys + byteKeys
        return end(part(first, keys) &+ part(second, keys + 2), keys)
    }

    /// A root is hashed whole: whoever sends it could else choose many that differ only in what is left out.
    package static func hash(_ root: Digest) -> UInt32 {
        let (first, second, third, last) = root.words
        let keys = keys + byteKeys
        let sum = part(first, keys) &+ part(second, keys + 2) &+ part(third, keys + 4) &+ part(last, keys + 6)
        return end(sum, keys)
    }

    private static func short(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        let keys = keys
        var sum: UInt64 = 0
        var offset = 0
        while offset + 8 < bytes.count {
            sum &+= product(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self), keys[offset / 8])
            offset += 8
        }
        // The last word overlaps the one before: with the length, which is hashed too, that says as much as padding.
        if !bytes.isEmpty { sum &+= product(lastWord(bytes), keys[offset / 8]) }
        let last = keys + byteKeys
        return end(part(sum, last) &+ part(UInt64(bytes.count), last + 2), last)
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

    private static func part(_ value: UInt64, _ keys: UnsafePointer<UInt64>) -> UInt64 {
        (value & 0xFFFF_FFFF) &* keys[0] &+ (value >> 32) &* keys[1]
    }

    private static func end(_ sum: UInt64, _ keys: UnsafePointer<UInt64>) -> UInt32 {
        UInt32(truncatingIfNeeded: (sum &+ keys[8]) >> 32)
    }
}
