internal import CCrypto
package import P2PProtocol

/// A password as it is kept: its scrypt hash with what it was made with. To make or to compare one takes a good part of
/// a second and 16 MiB: never on a loop.
package struct PasswordHash: Hashable, Sendable {
    /// What guessing costs.
    package struct Cost: Hashable, Sendable {
        package let rounds: Int
        package let blocks: Int
        package let lanes: Int

        package init(rounds: Int, blocks: Int, lanes: Int) {
            (self.rounds, self.blocks, self.lanes) = (rounds, blocks, lanes)
        }

        /// What new ones are made with: 16 MiB, five times.
        package static let current = Cost(rounds: 1 << 14, blocks: 8, lanes: 5)
    }

    /// What one calculation may take up, whatever a damaged row says.
    private static let memoryBytes: UInt64 = 64 << 20
    private static let digestBytes = 32

    package let cost: Cost
    package let salt: Bytes
    package let digest: Bytes

    /// One that has been kept.
    package init(cost: Cost, salt: Bytes, digest: Bytes) {
        (self.cost, self.salt, self.digest) = (cost, salt, digest)
    }

    /// A new one, with a salt of its own.
    package init(of password: Bytes, cost: Cost = .current) throws(SystemError) {
        let salt = try RandomBytes.make(16)
        guard let digest = Self.derive(password, salt, cost) else { throw SystemError("EVP_PBE_scrypt", 12) }
        self.init(cost: cost, salt: salt, digest: digest)
    }

    /// One that no password has, and that takes as long to compare.
    package static func ofNobody() throws(SystemError) -> PasswordHash {
        PasswordHash(cost: .current, salt: try RandomBytes.make(16), digest: try RandomBytes.make(digestBytes))
    }

    /// Whether it is that of this password, in a time that does not depend on how much of it is right.
    package func matches(_ password: Bytes) -> Bool {
        guard let derived = Self.derive(password, salt, cost), derived.count == digest.count else { return false }
        // The HMAC inside fills short keys up with NULs: with some at its end, a password would match another one.
        return CRYPTO_memcmp(derived, digest, digest.count) == 0 && !password.contains(0)
    }

    private static func derive(_ password: Bytes, _ salt: Bytes, _ cost: Cost) -> Bytes? {
        guard let rounds = UInt64(exactly: cost.rounds), let blocks = UInt64(exactly: cost.blocks),
            let lanes = UInt64(exactly: cost.lanes), lanes <= 64
        else { return nil }
        var digest = Bytes(repeating: 0, count: digestBytes)
        let isMade = password.withUnsafeBytes { password in
            EVP_PBE_scrypt(
                password.baseAddress?.assumingMemoryBound(to: CChar.self), password.count, salt, salt.count, rounds,
                blocks, lanes, memoryBytes, &digest, digestBytes)
        }
        return isMade == 1 ? digest : nil
    }
}
