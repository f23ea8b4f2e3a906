package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// Ids and their tokens, durable before anybody hears of them: an id is never given twice, and only its token takes it
/// over. Tokens are kept as their SHA-256. Requests that arrive together share one transaction.
package final class Registry: Sendable {
    /// What a peer is known by.
    package struct Credential: Sendable {
        package let id: Int
        /// 64 hex digits; the only time that it is seen.
        package let token: Bytes
    }

    private struct State {
        var known: [Int: RegistryStore.Entry]
        var nextID: Int
        /// Ids that were used today, not written yet.
        var touched: Set<Int> = []
    }

    /// Days for which an id is kept that nobody used again, and one that somebody did.
    package static let (daysUnused, daysUsed) = (30, 365)

    /// The registry's file was lost or is an old one: ids go on above all that were given, their tokens are gone.
    package let isDiminished: Bool
    private let store: RegistryStore
    private let storage: WorkerPool
    private let commits: GroupCommit<Bytes, Credential>
    private let state: Mutex<State>
    private let today: @Sendable () -> Int

    /// `storage` has one thread; everything durable of this program goes through it. `today` counts days.
    package init(path: Bytes, storage: WorkerPool, today: @escaping @Sendable () -> Int = { WallClock.now.day }) throws
    {
        store = try RegistryStore(path)
        self.storage = storage
        commits = GroupCommit(storage: storage)
        self.today = today
        try store.prune(before: today(), keeping: today() + Self.daysUnused)
        let (known, next) = try store.load()
        isDiminished = next.isAboveGap
        state = Mutex(State(known: known, nextID: next.id))
    }

    /// How many ids are kept.
    package var count: Int { state.withLock { $0.known.count } }

    /// The next id and a new token; both are on the disk when this returns.
    package func issue() async throws -> Credential {
        try await commits.perform(RandomBytes.token()) { self.write($0) }
    }

    /// Whether this is the token of that id; nil for an id that was never given, or not used for so long that it is
    /// forgotten.
    package func accepts(_ token: Bytes, of id: Int) -> Bool? {
        guard let entry = state.withLock({ $0.known[id] }) else { return nil }
        // Digests of secrets may be compared at leisure: how far two of them agree says nothing about the secret.
        return SHA256.hash(token) == entry.digest
    }

    /// Notes that an id is in use, so that it is kept. Nobody waits for it.
    package func touch(_ id: Int) {
        let end = today() + Self.daysUsed
        let isFirst = state.withLock { state in
            guard let entry = state.known[id], entry.end < end else { return false }
            state.known[id]?.end = end
            state.touched.insert(id)
            return state.touched.count == 1
        }
        if isFirst, !storage.submit({ self.writeTouched() }) { state.withLock { $0.touched.removeAll() } }
    }

    /// Leaves one whole file behind, for a clean end.
    package func settle() async throws {
        try await storage.run { [store] in try store.settle() }
    }

    private func write(_ tokens: [Bytes]) -> [Result<Credential, any Error>] {
        let first = state.withLock { state in
            defer { state.nextID += tokens.count }
            return state.nextID
        }
        let credentials = tokens.enumerated().map { Credential(id: first + $0.offset, token: $0.element) }
        let end = today() + Self.daysUnused
        let entries = credentials.map { ($0.id, RegistryStore.Entry(digest: SHA256.hash($0.token), end: end)) }
        let result = Result { try store.write(entries) }
        state.withLock { state in
            guard case .success = result else { return }
            for (id, entry) in entries { state.known[id] = entry }
        }
        return credentials.map { credential in result.map { credential } }
    }

    private func writeTouched() {
        let touched = state.withLock { state in
            let touched = state.touched
            state.touched.removeAll()
            return touched
        }
        // What is not written is written the next time that the id is used on another day.
        try? store.keep(touched, until: today() + Self.daysUsed)
    }
}

extension WallClock {
    /// Days since 1970.
    package var day: Int { Int(milliseconds / 86_400_000) }
}
