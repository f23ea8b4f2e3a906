import Glibc
import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

@Suite struct SQLiteDatabaseTests {
    private static let first = "CREATE TABLE item (key INTEGER PRIMARY KEY, value BLOB)"
    private let scratch: ScratchFolder
    private let path: Bytes

    init() throws {
        scratch = try ScratchFolder()
        path = Bytes(scratch.file("test.db").utf8)
    }

    private func open(_ migrations: [String] = [first]) throws -> SQLiteDatabase {
        try SQLiteDatabase(path, durability: .atCheckpoint, migrations: migrations)
    }

    @Test(
        "what is stored comes back as it was",
        arguments: [
            .null, .integer(0), .integer(.min), .integer(.max), .text([]), .text(Bytes("ä\0b".utf8)), .blob([]),
            .blob([0, 255, 0]), .digest(SHA256.hash(Bytes())), .bits(.max),
        ] as [SQLiteValue])
    func values(value: SQLiteValue) throws {
        let database = try open()
        try database.prepare("INSERT INTO item VALUES (7, ?)").run(value)
        let back = try database.prepare("SELECT value FROM item WHERE key = ?").first(.integer(7)) { row in
            switch value {
            case .null: row.isNull(0)
            case .integer(let number): row.integer(0) == number
            case .text(let bytes), .blob(let bytes): !row.isNull(0) && row.bytes(0) == bytes
            }
        }
        #expect(back == true)
    }

    @Test("a row is read as a digest only when it is one")
    func digests() throws {
        let statement = try open().prepare("SELECT ?")
        let digest = SHA256.hash(Bytes())
        #expect(try statement.first(.digest(digest)) { $0.digest(0) } == digest)
        for value in [.null, .integer(1), .blob([1])] as [SQLiteValue] {
            #expect(try statement.first(value) { $0.digest(0) } == .some(nil))
        }
    }

    @Test("a statement can be run again, and reads every row")
    func rows() throws {
        let database = try open()
        let insert = try database.prepare("INSERT INTO item VALUES (?, ?)")
        for key in 1...3 { try insert.run(.integer(key), .null) }
        let keys = try database.prepare("SELECT key FROM item ORDER BY key DESC").all { $0.integer(0) }
        #expect(keys == [3, 2, 1])
        #expect(database.changes == 1)
    }

    @Test("a transaction that throws changes nothing")
    func rollback() throws {
        let database = try open()
        let insert = try database.prepare("INSERT INTO item VALUES (?, NULL)")
        #expect(throws: StorageError.self) {
            try database.transaction { () throws(StorageError) in
                try insert.run(.integer(1))
                try insert.run(.integer(1))
            }
        }
        #expect(try database.prepare("SELECT count(*) FROM item").first { $0.integer(0) } == 0)
        try database.transaction { () throws(StorageError) in try insert.run(.integer(1)) }
        #expect(try database.prepare("SELECT count(*) FROM item").first { $0.integer(0) } == 1)
    }

    @Test("[attack A95] an older database is brought up to date with its rows; a newer one is refused")
    func migrations() throws {
        try open().prepare("INSERT INTO item VALUES (1, x'ff')").run()
        let steps = [Self.first, "ALTER TABLE item ADD COLUMN note TEXT", "CREATE INDEX note ON item (note)"]
        #expect(try open(steps).prepare("SELECT value FROM item WHERE note IS NULL").first { $0.bytes(0) } == [255])
        _ = try open(steps)
        #expect(Self.reason { _ = try open() } == .newer)
    }

    @Test("a migration that fails leaves the old version")
    func failedMigration() throws {
        _ = try open()
        #expect(throws: StorageError.self) { try open([Self.first, "CREATE TABLE other (a); NONSENSE"]) }
        _ = try open([Self.first, "CREATE TABLE other (a)"])
    }

    @Test("only its owner may read the file")
    func rights() throws {
        _ = try open()
        var status = stat()
        #expect(stat(scratch.file("test.db"), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test("what is no database is reported as damaged, and kept")
    func garbage() throws {
        let garbage = Bytes(repeating: 0x41, count: 10_000)
        try scratch.write("test.db", garbage)
        #expect(Self.reason { _ = try open() } == .corrupt)
        #expect(ScratchFolder.read(scratch.file("test.db")) == garbage)
    }

    @Test("[fault F12] a damaged cache is set aside under a free name and begun anew")
    func setAside() throws {
        let garbage = Bytes(repeating: 0x41, count: 10_000)
        for number in 1...2 {
            try scratch.write("test.db", garbage)
            let (database, aside) = try SQLiteDatabase.openOrSetAside(
                path, durability: .atCheckpoint, migrations: [Self.first])
            #expect(aside == path + Bytes(".corrupt-\(number)".utf8))
            #expect(ScratchFolder.read(scratch.file("test.db.corrupt-\(number)")) == garbage)
            try database.prepare("INSERT INTO item VALUES (1, NULL)").run()
        }
    }

    @Test("damage in the middle of a cache is found when it is opened")
    func damagedPage() throws {
        let database = try open()
        let insert = try database.prepare("INSERT INTO item VALUES (?, zeroblob(3000))")
        for key in 1...100 { try insert.run(.integer(key)) }
        try database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        var content = try #require(ScratchFolder.read(scratch.file("test.db")))
        for index in 4_096..<20_480 { content[index] = 0xA5 }
        try scratch.write("test.db", content)
        let aside = try SQLiteDatabase.openOrSetAside(path, durability: .atCheckpoint, migrations: [Self.first])
            .setAside
        #expect(aside != nil)
    }

    @Test("[fault F12] a cache cut short anywhere opens, whole or anew", arguments: 0..<24)
    func truncated(part: Int) throws {
        try open().prepare("INSERT INTO item VALUES (1, zeroblob(12000))").run()
        let content = try #require(ScratchFolder.read(scratch.file("test.db")))
        try scratch.write("test.db", Bytes(content.prefix(content.count * part / 24)))
        let again = try SQLiteDatabase.openOrSetAside(path, durability: .atCheckpoint, migrations: [Self.first])
        try again.database.prepare("INSERT INTO item VALUES (2, NULL)").run()
    }

    @Test("[fault F12] a folder in its place is denied")
    func folder() {
        scratch.folder("test.db")
        #expect(Self.reason { _ = try open() } == .denied)
    }

    @Test("a whole cache is kept")
    func keeps() throws {
        try open().prepare("INSERT INTO item VALUES (5, NULL)").run()
        let (database, aside) = try SQLiteDatabase.openOrSetAside(
            path, durability: .atCheckpoint, migrations: [Self.first])
        #expect(aside == nil)
        #expect(try database.prepare("SELECT key FROM item").first { $0.integer(0) } == 5)
    }

    @Test("a path that cannot be opened is denied", arguments: ["none/x.db", "nul\0.db", ""])
    func denied(name: String) {
        let path = Bytes(scratch.file(name).utf8)
        #expect(Self.reason { _ = try SQLiteDatabase(path, durability: .beforeCommit, migrations: []) } == .denied)
    }

    private static func reason(_ body: () throws -> Void) -> StorageError.Reason? {
        do {
            try body()
            return nil
        } catch {
            return (error as? StorageError)?.reason
        }
    }
}
