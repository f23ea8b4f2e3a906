package import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// Signs passes, and knows which of them are no longer to be taken. The key lives as long as the program: after a
/// restart givers learn another one, so that no pass outlives what is known of it here.
package final class PassOffice: Sendable {
    /// From when on a taker's passes are good again: those that expire later.
    package struct Revocation: Sendable, Equatable {
        package let account: Bytes
        package let taker: Int
        /// Milliseconds since 1970.
        package let expiry: Int

        package init(account: Bytes, taker: Int, expiry: Int) {
            (self.account, self.taker, self.expiry) = (account, taker, expiry)
        }
    }

    /// Why there is no pass.
    package enum Refusal: Error, Equatable {
        /// The account has passes in as many names as it may.
        case tooMany
        /// It is not what it was any more.
        case revoked
        case withoutMemory
    }

    /// Under so many ids an account can have passes at a time.
    private static let takersPerAccount = 4_096

    private struct State {
        /// When the last pass of each taker expires, by account.
        var takers: [AccountName: [Int: Int]] = [:]
        var revoked: [Int: Revocation] = [:]
    }

    private let key: SigningKey
    private let lifeMilliseconds: Int
    private let state = Mutex(State())

    package init(key: SigningKey, life: Duration) {
        self.key = key
        lifeMilliseconds = Int(life.inSeconds * 1_000)
    }

    /// With a key of its own.
    convenience init(life: Duration) throws {
        guard let key = SigningKey(seed: try RandomBytes.make(SigningKey.byteCount)) else {
            throw Refusal.withoutMemory
        }
        self.init(key: key, life: life)
    }

    /// What givers check passes with.
    package var verifier: VerifyingKey { key.verifier }

    /// A pass for who is in by that account, if that is still so: asked where nobody can be revoked meanwhile.
    package func sign(
        _ scope: Ticket.Scope, giver: Int, taker: Int, of account: AccountName, now: Int,
        if isCurrent: () -> Bool = { true }
    ) throws(Refusal) -> Bytes {
        let expiry = try state.withLock { (state: inout State) throws(Refusal) -> Int in
            guard isCurrent() else { throw .revoked }
            // What was revoked stays so: a new pass ends later than any of those.
            let expiry = max(now + lifeMilliseconds, (state.revoked[taker]?.expiry ?? 0) + 1)
            if state.takers[account]?[taker] == nil, (state.takers[account]?.count ?? 0) >= Self.takersPerAccount {
                state.takers[account] = state.takers[account]?.filter { $0.value > now }
                guard (state.takers[account]?.count ?? 0) < Self.takersPerAccount else { throw .tooMany }
            }
            // In place: a pass for each of many files is no reason to copy what there is.
            state.takers[account, default: [:]][taker] = expiry
            return expiry
        }
        let ticket = Ticket(scope, giver: giver, taker: taker, expiry: expiry)
        guard let text = ticket.signed(with: key) else { throw .withoutMemory }
        return text
    }

    /// Takes back all passes of an account: what givers have to hear.
    package func revoke(_ account: AccountName, now: Int) -> [Revocation] {
        state.withLock { state in
            let takers = (state.takers.removeValue(forKey: account) ?? [:]).filter { $0.value > now }
            state.revoked = state.revoked.filter { $0.value.expiry > now }
            let revocations = takers.map { Revocation(account: account.bytes, taker: $0.key, expiry: $0.value) }
                .sorted { $0.taker < $1.taker }
            for revocation in revocations { state.revoked[revocation.taker] = revocation }
            return revocations
        }
    }

    /// Those that somebody who has just come has to know of.
    package func revocations(now: Int) -> [Revocation] {
        state.withLock { $0.revoked.values.filter { $0.expiry > now }.sorted { $0.taker < $1.taker } }
    }
}
