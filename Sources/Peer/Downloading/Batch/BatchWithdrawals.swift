package import P2PProtocol
internal import Synchronization

/// By which contents are taken out of a batch while the others go on.
package final class BatchWithdrawals: Sendable {
    private struct State {
        var roots: Set<Digest> = []
        /// The batch that runs, and its contents.
        var ledger: BatchLedger?
        var items: [Digest: Int] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Takes one out. True when it will not come; false when it is on its way to the disk, or has an end already.
    package func withdraw(_ root: Digest) -> Bool {
        let (ledger, item) = state.withLock { state in
            state.roots.insert(root)
            return (state.ledger, state.items[root])
        }
        guard let ledger, let item else { return true }
        return ledger.plan { $0.withdraw(item) }
    }

    func contains(_ root: Digest) -> Bool { state.withLock { $0.roots.contains(root) } }

    /// From now on they are taken out of this batch.
    func begin(_ ledger: BatchLedger, _ requests: [Batch.Request]) {
        let items = Dictionary(requests.enumerated().map { ($1.root, $0) }) { first, _ in first }
        let roots = state.withLock { state in
            (state.ledger, state.items) = (ledger, items)
            return state.roots
        }
        for root in roots {
            if let item = items[root] { _ = ledger.plan { $0.withdraw(item) } }
        }
    }

    func end() { state.withLock { ($0.ledger, $0.items) = (nil, [:]) } }
}
