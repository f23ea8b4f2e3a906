internal import CCrypto

/// The key with which an index signs passes (Ed25519). Whoever has its public half can tell them from others.
package struct SigningKey: Sendable {
    package static let byteCount = 32

    private let seed: Bytes
    /// What others verify with.
    package let verifier: VerifyingKey

    /// From 32 random bytes; nil for any other number.
    package init?(seed: Bytes) {
        guard seed.count == Self.byteCount, let key = Self.key(from: seed) else { return nil }
        defer { EVP_PKEY_free(key) }
        var (publicBytes, count) = (Bytes(repeating: 0, count: Self.byteCount), Self.byteCount)
        guard EVP_PKEY_get_raw_public_key(key, &publicBytes, &count) == 1,
            let verifier = VerifyingKey(publicBytes)
        else { return nil }
        self.seed = seed
        self.verifier = verifier
    }

    /// 64 bytes; nil only without memory.
    func sign(_ message: Bytes) -> Bytes? {
        guard let key = Self.key(from: seed) else { return nil }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(context) }
        var (signature, count) = (Bytes(repeating: 0, count: VerifyingKey.signatureBytes), VerifyingKey.signatureBytes)
        guard EVP_DigestSignInit(context, nil, nil, nil, key) == 1,
            EVP_DigestSign(context, &signature, &count, message, message.count) == 1,
            count == signature.count
        else { return nil }
        return signature
    }

    private static func key(from seed: Bytes) -> OpaquePointer? {
        EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count)
    }
}

/// The public half of an index's key.
package struct VerifyingKey: Hashable, Sendable {
    static let signatureBytes = 64

    /// The 32 bytes, as they travel in hex.
    package let bytes: Bytes

    /// Nil for any other number than 32.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == SigningKey.byteCount else { return nil }
        self.bytes = Bytes(bytes)
    }

    /// Whether the holder of the key has signed just that.
    func accepts(_ signature: Bytes, of message: Bytes) -> Bool {
        guard signature.count == Self.signatureBytes,
            let key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, bytes, bytes.count)
        else { return false }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        return EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1
            && EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }
}
