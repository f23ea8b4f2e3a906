package import P2PRuntime
internal import Synchronization

/// How many of something each address has: connections, or registrations. Loopback is not counted unless it is to be.
package final class AddressCount: Sendable {
    private let limit: Int
    private let countsLoopback: Bool
    private let counts = Mutex<[IPAddress: Int]>([:])

    package init(limit: Int, countsLoopback: Bool) {
        self.limit = limit
        self.countsLoopback = countsLoopback
    }

    /// Counts one more; false when the address has as many as it may.
    package func enter(_ address: IPAddress) -> Bool {
        guard countsLoopback || !address.isLoopback else { return true }
        return counts.withLock { counts in
            guard counts[address, default: 0] < limit else { return false }
            counts[address, default: 0] += 1
            return true
        }
    }

    /// Whether one more would be let in now.
    package func hasRoom(_ address: IPAddress) -> Bool {
        guard countsLoopback || !address.isLoopback else { return true }
        return counts.withLock { $0[address, default: 0] < limit }
    }

    package func leave(_ address: IPAddress) {
        guard countsLoopback || !address.isLoopback else { return }
        counts.withLock { counts in
            let left = counts[address, default: 1] - 1
            counts[address] = left > 0 ? left : nil
        }
    }
}
