internal import CCrypto

/// SHA-256, the one hash of this protocol.
package enum SHA256 {
    /// The hash of a region of memory, which may be empty.
    package static func hash(_ bytes: UnsafeRawBufferPointer) -> Digest {
        finish { ccrypto_sha256(bytes.baseAddress, bytes.count, $0) }
    }

    /// The hash of some bytes.
    package static func hash(_ bytes: some Collection<UInt8>) -> Digest {
        bytes.withContiguousStorageIfAvailable { hash(UnsafeRawBufferPointer($0)) }
            ?? Bytes(bytes).withUnsafeBytes(hash)
    }

    /// The hash of two digests side by side: an inner node of a Merkle tree.
    package static func node(_ left: Digest, _ right: Digest) -> Digest {
        let (a, b) = (left.words, right.words)
        let pair = (
            a.0.bigEndian, a.1.bigEndian, a.2.bigEndian, a.3.bigEndian,
            b.0.bigEndian, b.1.bigEndian, b.2.bigEndian, b.3.bigEndian
        )
        return withUnsafeBytes(of: pair, hash)
    }

    /// HMAC-SHA256 (RFC 2104). OpenSSL's can fail for want of memory, and an answer that is missing on both sides
    /// would compare equal; built from the hash it always has a value.
    package static func authenticate(_ message: some Collection<UInt8>, key: some Collection<UInt8>) -> Digest {
        let blockBytes = 64
        let short = key.count > blockBytes ? hash(key).bytes : Bytes(key)
        let padded = short + Bytes(repeating: 0, count: blockBytes - short.count)
        let inner = hash(padded.map { $0 ^ 0x36 } + message)
        return hash(padded.map { $0 ^ 0x5C } + inner.bytes)
    }

    private static func finish(_ body: (UnsafeMutablePointer<UInt8>) -> Void) -> Digest {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) { words in
            words.withMemoryRebound(to: UInt8.self) { bytes in
                if let start = bytes.baseAddress { body(start) }
            }
        }
        return Digest(words: (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian))
    }
}
