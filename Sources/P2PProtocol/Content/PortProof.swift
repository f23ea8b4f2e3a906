/// How a peer shows that the port it registered is its own: the index asks it for a nonce's answer, which only the
/// holder of the registration's token can give (design: "Proof"; docs/PROTOCOL.md, `GET /ping?nonce=`).
package enum PortProof {
    /// 64 hex digits: HMAC-SHA256 of the nonce under the token, both as printed.
    package static func answer(token: some Collection<UInt8>, nonce: some Collection<UInt8>) -> Bytes {
        SHA256.authenticate(nonce, key: token).hex
    }

    /// Whether an answer is the right one; the time taken does not tell how much of it was right.
    package static func accepts(
        _ answer: some Collection<UInt8>, token: some Collection<UInt8>, nonce: some Collection<UInt8>
    ) -> Bool {
        guard let given = Digest(hex: answer) else { return false }
        let (a, b) = (given.words, SHA256.authenticate(nonce, key: token).words)
        return (a.0 ^ b.0) | (a.1 ^ b.1) | (a.2 ^ b.2) | (a.3 ^ b.3) == 0
    }

    /// A nonce that points to its token by the first 16 digits of the token's hash. A peer that is registered with
    /// several servers at one address could not tell otherwise which of its tokens is meant.
    package static func nonce(for token: some Collection<UInt8>, random: some Collection<UInt8>) -> Bytes {
        pointer(to: token) + Hex.encode(random)
    }

    /// Whether a nonce points to this token.
    package static func isMeant(_ nonce: some Collection<UInt8>, for token: some Collection<UInt8>) -> Bool {
        nonce.starts(with: pointer(to: token))
    }

    private static func pointer(to token: some Collection<UInt8>) -> Bytes {
        Bytes(SHA256.hash(token).hex.prefix(16))
    }
}
