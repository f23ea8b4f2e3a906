internal import P2PProtocol
internal import P2PRuntime

/// The lists of peers on the disk: for each a log of pages, replayed in their order.
struct ListStore {
    /// A list that can be remembered.
    struct Remembered {
        let peer: PeerID
        /// When the peer left, in milliseconds since 1970.
        let left: Int
        let certificate: Digest?
    }

    /// Entries of a page where there is a choice.
    static let pageEntries = 8_192

    private let database: SQLiteDatabase
    private let insertPeer: SQLiteStatement
    private let markProven: SQLiteStatement
    private let markUnproven: SQLiteStatement
    private let markLeft: SQLiteStatement
    private let deletePeer: SQLiteStatement
    private let deleteLog: SQLiteStatement
    private let deleteUnproven: SQLiteStatement
    private let append: SQLiteStatement
    private let next: SQLiteStatement

    /// Entries in the log of each peer.
    private(set) var logged: [PeerID: Int] = [:]
    private(set) var loggedInAll = 0

    /// Opens the file; a damaged one is set aside, and its new name returned.
    static func open(_ path: Bytes) throws(StorageError) -> (store: ListStore, setAside: Bytes?) {
        let (database, setAside) = try SQLiteDatabase.openOrSetAside(
            path, durability: .atCheckpoint,
            migrations: [
                """
                CREATE TABLE peer (
                    id INTEGER PRIMARY KEY, certificate BLOB, proven INTEGER NOT NULL, "left" INTEGER,
                    entries INTEGER NOT NULL DEFAULT 0) STRICT;
                CREATE TABLE log (seq INTEGER PRIMARY KEY, peer INTEGER NOT NULL, page BLOB NOT NULL) STRICT;
                CREATE INDEX log_peer ON log (peer, seq);
                """
            ])
        return (try ListStore(database), setAside)
    }

    private init(_ database: SQLiteDatabase) throws(StorageError) {
        self.database = database
        insertPeer = try database.prepare(
            "INSERT OR REPLACE INTO peer (id, certificate, proven) VALUES (?, ?, ?)")
        markProven = try database.prepare("UPDATE peer SET proven = 1 WHERE id = ?")
        markUnproven = try database.prepare("UPDATE peer SET proven = 0 WHERE id = ?")
        markLeft = try database.prepare("UPDATE peer SET \"left\" = ? WHERE id = ?")
        deletePeer = try database.prepare("DELETE FROM peer WHERE id = ?")
        deleteLog = try database.prepare("DELETE FROM log WHERE peer = ?")
        deleteUnproven = try database.prepare("DELETE FROM peer WHERE id = ? AND proven = 0")
        append = try database.prepare("INSERT INTO log (peer, page) VALUES (?, ?)")
        next = try database.prepare("SELECT seq, page FROM log WHERE peer = ? AND seq > ? ORDER BY seq LIMIT 1")
    }

    // MARK: Reading

    /// The lists that are still wanted, the newest first; all others are deleted. Who was here when the program last
    /// ended without a word left now.
    mutating func recall(now: Int, since oldest: Int) throws(StorageError) -> [Remembered] {
        try database.transaction { () throws(StorageError) in
            try database.execute("UPDATE peer SET \"left\" = \(now) WHERE \"left\" IS NULL")
            try database.execute("DELETE FROM peer WHERE proven = 0 OR \"left\" < \(oldest)")
            try database.execute("DELETE FROM log WHERE peer NOT IN (SELECT id FROM peer)")
        }
        let rows = try database.prepare(
            "SELECT id, \"left\", certificate, entries FROM peer ORDER BY \"left\" DESC, id"
        ).all { (Remembered(peer: $0.integer(0), left: $0.integer(1), certificate: $0.digest(2)), $0.integer(3)) }
        for (row, entries) in rows { note(entries, of: row.peer) }
        return rows.map(\.0)
    }

    /// The first page of a peer's log behind `position`.
    func page(of peer: PeerID, after position: Int) throws(StorageError) -> (position: Int, page: ListPage?)? {
        try next.first(.integer(peer), .integer(position)) { ($0.integer(0), ListPage($0.bytes(1))) }
    }

    // MARK: Writing

    /// Writes changes in one transaction.
    mutating func write(_ changes: [(peer: PeerID, change: ListChange)]) throws(StorageError) {
        try database.execute("BEGIN IMMEDIATE")
        do throws(StorageError) {
            for (peer, change) in changes { try write(change, of: peer) }
            try database.execute("COMMIT")
        } catch {
            try? database.execute("ROLLBACK")
            throw error
        }
    }

    /// Rewrites the log of a peer as its list; the log had more than twice as many entries.
    mutating func compact(_ peer: PeerID) throws(StorageError) {
        var list: [Name: FileEntry] = [:]
        var position = 0
        while let (next, page) = try page(of: peer, after: position) {
            position = next
            switch page {
            case .added(let entries): for entry in entries { list[entry.name] = entry }
            case .removed(let paths): for path in paths { list[path] = nil }
            case nil: break
            }
        }
        let entries = Array(list.values)
        try database.transaction { () throws(StorageError) in
            try deleteLog.run(.integer(peer))
            for start in stride(from: 0, to: entries.count, by: Self.pageEntries) {
                let part = entries[start..<min(start + Self.pageEntries, entries.count)]
                try append.run(.integer(peer), .blob(ListPage.encode(adding: part)))
            }
            try database.execute("UPDATE peer SET entries = \(entries.count) WHERE id = \(peer)")
        }
        note(entries.count - (logged[peer] ?? 0), of: peer)
    }

    /// Leaves one whole file behind, for a clean end.
    func settle() throws(StorageError) { try database.settle() }

    private mutating func write(_ change: ListChange, of peer: PeerID) throws(StorageError) {
        switch change {
        case .replaced(let entries, let certificate, let isProven):
            try delete(peer)
            try insertPeer.run(
                .integer(peer), certificate.map { .digest($0) } ?? .null, .integer(isProven ? 1 : 0))
            try log(added: ListChange.settle(entries).listed, of: peer)
        case .added(let entries):
            let (listed, gone) = ListChange.settle(entries)
            try log(removed: gone, of: peer)
            try log(added: listed, of: peer)
        case .removed(let paths): try log(removed: paths, of: peer)
        case .proven: try markProven.run(.integer(peer))
        case .unreachable: try markUnproven.run(.integer(peer))
        case .left(let time):
            try markLeft.run(.integer(time), .integer(peer))
            try deleteUnproven.run(.integer(peer))
            if database.changes > 0 { try delete(peer) }
        case .forgotten: try delete(peer)
        }
    }

    private mutating func log(added entries: [FileEntry], of peer: PeerID) throws(StorageError) {
        guard !entries.isEmpty else { return }
        try log(ListPage.encode(adding: entries), entries.count, of: peer)
    }

    private mutating func log(removed paths: [Name], of peer: PeerID) throws(StorageError) {
        guard !paths.isEmpty else { return }
        try log(ListPage.encode(removing: paths), paths.count, of: peer)
    }

    private mutating func log(_ page: Bytes, _ entries: Int, of peer: PeerID) throws(StorageError) {
        try append.run(.integer(peer), .blob(page))
        try database.execute("UPDATE peer SET entries = entries + \(entries) WHERE id = \(peer)")
        note(entries, of: peer)
    }

    private mutating func delete(_ peer: PeerID) throws(StorageError) {
        try deletePeer.run(.integer(peer))
        try deleteLog.run(.integer(peer))
        loggedInAll -= logged.removeValue(forKey: peer) ?? 0
    }

    private mutating func note(_ entries: Int, of peer: PeerID) {
        logged[peer, default: 0] += entries
        loggedInAll += entries
    }
}
