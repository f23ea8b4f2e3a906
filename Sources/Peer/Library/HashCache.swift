package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// The roots and layers of files that were hashed before, by what a file is and when it changed: a restart hashes
/// nothing again. Only a cache; what is lost is hashed once more.
package final class HashCache: Sendable {
    /// Where a damaged cache was put when it was opened; nil when it was whole.
    package let setAside: Bytes?
    private let store: Mutex<HashStore>
    // One thread: SQLite takes one writer at a time anyway, and none of the callers may wait for a disk.
    private let pool = WorkerPool(name: "hash-cache", threads: 1)

    /// Opens or makes the cache; blocks on the disk.
    package init(_ path: Bytes) throws(StorageError) {
        let (database, setAside) = try SQLiteDatabase.openOrSetAside(
            path, durability: .atCheckpoint, migrations: HashStore.migrations)
        self.setAside = setAside
        store = Mutex(try HashStore(database))
    }

    deinit {
        pool.close()
    }

    /// The roots of those files that are known.
    package func roots(of files: [FileIdentity]) async throws -> [FileIdentity: Digest] {
        try await pool.run { try self.store.withLock { try $0.roots(of: files) } }
    }

    /// The same for a thread that may block; nothing when the cache cannot be read.
    func rootsNow(of files: [FileIdentity]) -> [FileIdentity: Digest] {
        (try? store.withLock { try $0.roots(of: files) }) ?? [:]
    }

    /// The files that `peer share verify` found damaged, by whichever process; for a thread that may block.
    package func damagedNow() -> Set<FileIdentity> {
        (try? store.withLock { try $0.damaged() }) ?? []
    }

    /// Notes which files are damaged, and which are not any more.
    package func note(damaged: [FileIdentity], mended: [FileIdentity]) async throws {
        try await pool.run { try self.store.withLock { try $0.note(damaged: damaged, mended: mended) } }
    }

    /// A file's piece layer; nil when it is not known.
    package func layer(of file: FileIdentity) async throws -> PieceLayer? {
        try await pool.run { try self.store.withLock { try $0.layer(of: file) } }
    }

    /// Keeps what was hashed, in one transaction.
    package func keep(_ files: [HashedFile]) async throws {
        try await pool.run { try self.store.withLock { try $0.keep(files) } }
    }
}
