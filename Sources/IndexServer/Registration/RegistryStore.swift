internal import P2PProtocol
internal import P2PRuntime

/// The registry on the disk: a row for each id, and beside it, in a file of its own, a mark above every id that was ever
/// given. Whatever becomes of the rows, no id is given twice.
///
/// SAFETY: after `load`, only jobs of the one-threaded storage pool touch it.
final class RegistryStore: @unchecked Sendable {
    struct Entry: Sendable {
        let digest: Digest
        /// The last day on which the id is kept.
        var end: Int
    }

    /// The mark is moved on by so many ids at a time.
    private static let block = 256

    private let database: SQLiteDatabase
    private let insert: SQLiteStatement
    private let extend: SQLiteStatement
    private let markPath: Bytes
    private var mark: Int

    init(_ path: Bytes) throws {
        database = try SQLiteDatabase(
            path, durability: .beforeCommit,
            migrations: [
                "CREATE TABLE peer (id INTEGER PRIMARY KEY AUTOINCREMENT, token BLOB NOT NULL) STRICT;",
                "ALTER TABLE peer ADD COLUMN \"end\" INTEGER NOT NULL DEFAULT 0;",
            ])
        insert = try database.prepare("INSERT INTO peer (id, token, \"end\") VALUES (?, ?, ?)")
        extend = try database.prepare("UPDATE peer SET \"end\" = ? WHERE id = ?")
        markPath = Path.join(Path.parent(of: path), Bytes(ascii: "ids"))
        mark = try Self.readMark(markPath)
        guard mark > 0 else {
            throw IndexFailure(
                "\(display(markPath)) is damaged: write a number into it that is above every id ever given")
        }
    }

    /// Forgets the ids whose last day was before `day`; those from a version that did not count are kept until `end`.
    func prune(before day: Int, keeping end: Int) throws {
        try database.execute("UPDATE peer SET \"end\" = \(end) WHERE \"end\" = 0")
        // When all of them seem too old, it is the clock that is wrong.
        try database.execute(
            "DELETE FROM peer WHERE \"end\" < \(day) AND \(day) <= (SELECT max(\"end\") FROM peer)")
    }

    /// What is known, and the next id. It is above a gap when ids were given that the rows know nothing of.
    func load() throws -> (known: [Int: Entry], next: (id: Int, isAboveGap: Bool)) {
        let rows = try database.prepare("SELECT id, token, \"end\" FROM peer").all {
            ($0.integer(0), $0.digest(1), $0.integer(2))
        }
        var known: [Int: Entry] = [:]
        for case (let id, let digest?, let end) in rows { known[id] = Entry(digest: digest, end: end) }
        let highest = try database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'peer'")
            .first { $0.integer(0) }
        let next = max(0, highest ?? 0) + 1
        let isBehind = next == 1 ? mark > 1 : next + Self.block < mark
        return (known, isBehind ? (mark, true) : (next, false))
    }

    /// Writes new ids in one transaction: all of them, or none.
    func write(_ entries: [(id: Int, entry: Entry)]) throws {
        if let last = entries.last?.id, last >= mark {
            try AtomicFile.save(Bytes(decimal: last + Self.block), to: markPath)
            mark = last + Self.block
        }
        try database.transaction { () throws(StorageError) in
            for (id, entry) in entries { try insert.run(.integer(id), .digest(entry.digest), .integer(entry.end)) }
        }
    }

    func keep(_ ids: Set<Int>, until end: Int) throws {
        try database.transaction { () throws(StorageError) in
            for id in ids { try extend.run(.integer(end), .integer(id)) }
        }
    }

    func settle() throws { try database.settle() }

    /// 1 where nothing was given yet. A mark that cannot be read must not be taken for none.
    private static func readMark(_ path: Bytes) throws -> Int {
        do {
            return try parseMark(try Descriptor.openFile(path))
        } catch let error as SystemError where error.isMissing {
            return 1
        }
    }

    private static func parseMark(_ file: consuming Descriptor) throws -> Int {
        var buffer = Bytes(repeating: 0, count: 32)
        let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0, at: 0) }
        return Decimal.parse(buffer[..<count]) ?? 0
    }
}
