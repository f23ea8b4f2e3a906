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

    private struct Queued {
        let token: Bytes
        let answer: @Sendable (Result<Credential, any Error>) -> Void
    }

    private struct State {
        var digests: [Int: Digest] = [:]
        var nextID = 1
        var queue: [Queued] = []
    }

    /// Used on the storage thread only.
    ///
    /// SAFETY: after `init`, only jobs of the one-threaded storage pool touch it.
    private final class Store: @unchecked Sendable {
        let database: SQLiteDatabase
        let insert: SQLiteStatement

        init(_ path: Bytes) throws {
            database = try SQLiteDatabase(
                path, durability: .beforeCommit,
                migrations: [
                    "CREATE TABLE peer (id INTEGER PRIMARY KEY AUTOINCREMENT, token BLOB NOT NULL) STRICT;"
                ])
            insert = try database.prepare("INSERT INTO peer (id, token) VALUES (?, ?)")
        }

        func load() throws -> (digests: [Int: Digest], highest: Int) {
            let rows = try database.prepare("SELECT id, token FROM peer").all { ($0.integer(0), $0.digest(1)) }
            let highest = try database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'peer'")
                .first { $0.integer(0) }
            return (rows.reduce(into: [:]) { $0[$1.0] = $1.1 }, highest ?? 0)
        }
    }

    private let store: Store
    private let storage: WorkerPool
    private let state: Mutex<State>

    /// `storage` has one thread; everything durable of this program goes through it.
    package init(path: Bytes, storage: WorkerPool) throws {
        store = try Store(path)
        self.storage = storage
        let (digests, highest) = try store.load()
        state = Mutex(State(digests: digests, nextID: highest + 1))
    }

    /// The next id and a new token; both are on the disk when this returns.
    package func issue() async throws -> Credential {
        let token = try RandomBytes.token()
        return try await withCheckedThrowingContinuation { continuation in
            let isFirst = state.withLock { state in
                state.queue.append(Queued(token: token) { continuation.resume(with: $0) })
                return state.queue.count == 1
            }
            // Whoever finds the queue empty orders the write; those who come before it runs ride along.
            if isFirst, !storage.submit({ self.writeQueued() }) { failQueued(with: WorkerPool.Busy()) }
        }
    }

    /// Whether this is the token of that id; nil for an id that was never given.
    package func accepts(_ token: Bytes, of id: Int) -> Bool? {
        guard let digest = state.withLock({ $0.digests[id] }) else { return nil }
        // Digests of secrets may be compared at leisure: how far two of them agree says nothing about the secret.
        return SHA256.hash(token) == digest
    }

    /// Leaves one whole file behind, for a clean end.
    package func settle() async throws {
        try await storage.run { [store] in try store.database.settle() }
    }

    private func writeQueued() {
        let (queued, first) = state.withLock { state in
            let queued = state.queue
            state.queue.removeAll()
            let first = state.nextID
            state.nextID += queued.count
            return (queued, first)
        }
        let credentials = queued.enumerated().map { Credential(id: first + $0.offset, token: $0.element.token) }
        let result = Result {
            try store.database.transaction { () throws(StorageError) in
                for credential in credentials {
                    try store.insert.run(.integer(credential.id), .digest(SHA256.hash(credential.token)))
                }
            }
        }
        state.withLock { state in
            guard case .success = result else { return }
            for credential in credentials { state.digests[credential.id] = SHA256.hash(credential.token) }
        }
        for (entry, credential) in zip(queued, credentials) { entry.answer(result.map { credential }) }
    }

    private func failQueued(with error: any Error) {
        let queued = state.withLock { state in
            let queued = state.queue
            state.queue.removeAll()
            return queued
        }
        for entry in queued { entry.answer(.failure(error)) }
    }
}
