/// A SHA-256 sized value: a content root, a piece's hash, a nonce's answer. Four words, so that it hashes and
/// compares without touching the heap.
package struct Digest: Hashable, Sendable {
    /// The 32 bytes as big-endian words, so that words compare as the bytes do.
    package let words: (UInt64, UInt64, UInt64, UInt64)

    package static let byteCount = 32
    package static let hexCount = 64

    package init(words: (UInt64, UInt64, UInt64, UInt64)) {
        self.words = words
    }

    /// From exactly 32 bytes; nil for any other number.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        let inPlace = bytes.withContiguousStorageIfAvailable { buffer in
            let raw = UnsafeRawBufferPointer(buffer)
            func word(_ index: Int) -> UInt64 {
                UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
            }
            return (word(0), word(1), word(2), word(3))
        }
        if let inPlace {
            self.init(words: inPlace)
            return
        }
        var words: [UInt64] = [0, 0, 0, 0]
        for (index, byte) in bytes.enumerated() {
            words[index / 8] = words[index / 8] << 8 | UInt64(byte)
        }
        self.init(words: (words[0], words[1], words[2], words[3]))
    }

    /// From exactly 64 hex digits in either case.
    package init?(hex text: some Collection<UInt8>) {
        guard text.count == Self.hexCount else { return nil }
        // Lists of thousands are read: an array's bytes without a call for each.
        let inPlace = text.withContiguousStorageIfAvailable { Self.words($0) }
        guard let words = inPlace ?? Bytes(text).withUnsafeBufferPointer({ Self.words($0) }) else { return nil }
        self.init(words: words)
    }

    /// Of 64 digits.
    private static func words(_ digits: UnsafeBufferPointer<UInt8>) -> (UInt64, UInt64, UInt64, UInt64)? {
        func word(_ index: Int) -> UInt64? {
            var word: UInt64 = 0
            for digit in digits[index * 16..<index * 16 + 16] {
                guard let nibble = Hex.value(digit) else { return nil }
                word = word << 4 | UInt64(nibble)
            }
            return word
        }
        guard let first = word(0), let second = word(1), let third = word(2), let fourth = word(3) else { return nil }
        return (first, second, third, fourth)
    }

    package var bytes: Bytes {
        var bytes = Bytes()
        bytes.reserveCapacity(Self.byteCount)
        for word in [words.0, words.1, words.2, words.3] {
            for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        return bytes
    }

    package var hex: Bytes { Hex.encode(bytes) }

    package static func == (left: Digest, right: Digest) -> Bool {
        left.words == right.words
    }

    package func hash(into hasher: inout Hasher) {
        // All four: whoever may send any digest could else choose many that differ only in the words left out.
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}

extension Digest: Comparable {
    package static func < (left: Digest, right: Digest) -> Bool {
        left.words < right.words
    }
}

extension Digest: CustomStringConvertible {
    package var description: String { String(decoding: hex, as: UTF8.self) }
}
