internal import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// Passwords that were right a moment ago, as digests under a key that never leaves the process: a browser sends its
/// own with every request, and is not to wait for scrypt each time.
final class ProvenLogins: Sendable {
    private struct Proof {
        let account: Account
        let end: Moment
    }

    private static let life: Duration = .seconds(60)
    private static let capacity = 1_024

    private let key: Bytes
    private let proofs = Mutex<[Digest: Proof]>([:])

    init() throws { key = try RandomBytes.make(32) }

    /// The account that this login was right for, as it was then.
    func account(of login: Login, now: Moment) -> Account? {
        let digest = digest(login)
        return proofs.withLock { proofs in
            guard let proof = proofs[digest], now < proof.end else { return nil }
            return proof.account
        }
    }

    func note(_ login: Login, of account: Account, now: Moment) {
        let digest = digest(login)
        proofs.withLock { proofs in
            if proofs.count >= Self.capacity { proofs = proofs.filter { now < $0.value.end } }
            if proofs.count >= Self.capacity { proofs = [:] }
            proofs[digest] = Proof(account: account, end: now + Self.life)
        }
    }

    private func digest(_ login: Login) -> Digest {
        // The length keeps name and password apart.
        SHA256.hash(key + Bytes(decimal: login.user.count) + [0] + login.user + login.password)
    }
}
