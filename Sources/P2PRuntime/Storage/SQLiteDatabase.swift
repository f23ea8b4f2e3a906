internal import CSQLite
internal import Glibc
package import P2PProtocol

/// A SQLite database in WAL mode. Not for two threads at once: its owner confines it or keeps it under a lock.
package final class SQLiteDatabase {
    /// When what was written is on the disk.
    package enum Durability: Sendable {
        /// Before a transaction ends: for what is durable before the reply.
        case beforeCommit
        /// At the next checkpoint: a power loss may take the newest transactions, never the consistency.
        case atCheckpoint
    }

    /// The database's path, for people.
    package let path: String
    private let raw: OpaquePointer

    /// Opens or makes a database and brings it up to the last of its `migrations`: each is the SQL that leads from
    /// one version to the next, and is never changed once released.
    package init(_ path: Bytes, durability: Durability, migrations: [String]) throws(StorageError) {
        self.path = Path.display(path)
        raw = try Self.open(path)
        // Waiting is better than failing while a second process (`user add`, a backup) holds the lock.
        sqlite3_busy_timeout(raw, 5_000)
        try execute("PRAGMA journal_mode=WAL")
        try execute("PRAGMA synchronous=\(durability == .beforeCommit ? "FULL" : "NORMAL")")
        try execute("PRAGMA foreign_keys=ON")
        try migrate(migrations)
    }

    deinit {
        sqlite3_close_v2(raw)
    }

    /// Runs SQL of ours that takes no values.
    package func execute(_ sql: String) throws(StorageError) {
        try check(sqlite3_exec(raw, sql, nil, nil, nil))
    }

    /// Compiles a statement of ours.
    package func prepare(_ sql: String) throws(StorageError) -> SQLiteStatement {
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v3(raw, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil))
        guard let statement else { throw StorageError(.other, path: path, message: "an empty statement") }
        return SQLiteStatement(self, statement)
    }

    /// Runs `body` as one transaction: all of it happens, or nothing when it throws.
    package func transaction<Value>(_ body: () throws(StorageError) -> Value) throws(StorageError) -> Value {
        try execute("BEGIN IMMEDIATE")
        do throws(StorageError) {
            let value = try body()
            try execute("COMMIT")
            return value
        } catch {
            // SQLite may have rolled back by itself; then this one fails and changes nothing.
            try? execute("ROLLBACK")
            throw error
        }
    }

    /// The rows that the last statement inserted, changed or deleted.
    package var changes: Int { Int(sqlite3_changes64(raw)) }

    /// Reads the whole file; throws `corrupt` when it does not hold together.
    package func verify() throws(StorageError) {
        let verdict = try prepare("PRAGMA quick_check(1)").first { $0.bytes(0) } ?? []
        guard verdict == Bytes(ascii: "ok") else {
            throw StorageError(.corrupt, path: path, message: String(decoding: verdict, as: UTF8.self))
        }
    }

    /// Brings all that was written into the one file, and removes the journal beside it: for a clean end. What is
    /// written afterwards is as durable, only slower.
    package func settle() throws(StorageError) {
        try execute("PRAGMA journal_mode=DELETE")
    }

    func check(_ code: Int32) throws(StorageError) {
        if code != SQLITE_OK { throw failure(code) }
    }

    func failure(_ code: Int32) -> StorageError {
        StorageError(code: code, path: path, message: String(cString: sqlite3_errmsg(raw)))
    }

    private func migrate(_ migrations: [String]) throws(StorageError) {
        // The version is read again inside: another process may have brought it up in between.
        guard try version() != migrations.count else { return }
        try transaction { () throws(StorageError) in
            let version = try version()
            guard version <= migrations.count else {
                let message = "has version \(version); this program knows \(migrations.count)"
                throw StorageError(.newer, path: path, message: message)
            }
            for migration in migrations[version...] { try execute(migration) }
            try execute("PRAGMA user_version=\(migrations.count)")
        }
    }

    private func version() throws(StorageError) -> Int {
        // Anybody can write a negative number into a file.
        max(0, try prepare("PRAGMA user_version").first { $0.integer(0) } ?? 0)
    }

    private static func open(_ path: Bytes) throws(StorageError) -> OpaquePointer {
        // SQLite would make a file that everyone may read; the journal's rights follow the database's.
        if let file = try? Descriptor.open(path, O_RDWR | O_CREAT | O_EXCL, mode: 0o600) { try? file.close() }
        var raw: OpaquePointer?
        var code = SQLITE_CANTOPEN
        if let terminated = try? Path.terminated(path) {
            code = sqlite3_open_v2(terminated, &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nil)
        }
        guard code == SQLITE_OK, let raw else {
            let message = String(cString: sqlite3_errstr(code))
            sqlite3_close_v2(raw)
            throw StorageError(code: code, path: Path.display(path), message: message)
        }
        return raw
    }
}
