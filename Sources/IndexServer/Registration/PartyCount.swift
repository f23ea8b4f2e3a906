package import P2PRuntime
internal import Synchronization

/// How many of something each party has: connections or registrations of an address, or of an account.
package final class PartyCount<Party: Hashable & Sendable>: Sendable {
    private let limit: Int
    private let counted: @Sendable (Party) -> Bool
    private let counts = Mutex<[Party: Int]>([:])

    /// Of those that are `counted`.
    package init(limit: Int, counted: @escaping @Sendable (Party) -> Bool = { _ in true }) {
        self.limit = limit
        self.counted = counted
    }

    /// Counts one more; false when the party has as many as it may.
    package func enter(_ party: Party) -> Bool {
        guard counted(party) else { return true }
        return counts.withLock { counts in
            guard counts[party, default: 0] < limit else { return false }
            counts[party, default: 0] += 1
            return true
        }
    }

    /// Whether one more would be let in now.
    package func hasRoom(_ party: Party) -> Bool {
        guard counted(party) else { return true }
        return counts.withLock { $0[party, default: 0] < limit }
    }

    package func leave(_ party: Party) {
        guard counted(party) else { return }
        counts.withLock { counts in
            let left = counts[party, default: 1] - 1
            counts[party] = left > 0 ? left : nil
        }
    }
}

package typealias AddressCount = PartyCount<IPAddress>

extension PartyCount where Party == IPAddress {
    /// Loopback is not counted unless it is to be.
    package convenience init(limit: Int, countsLoopback: Bool) {
        self.init(limit: limit) { countsLoopback || !$0.isLoopback }
    }
}
