internal import P2PProtocol
internal import P2PRuntime

/// What is known about titles, on the disk.
///
/// SAFETY: after `load`, only jobs of the one-threaded storage pool touch it.
final class MetadataStore: @unchecked Sendable {
    private let database: SQLiteDatabase
    private let insertTitle: SQLiteStatement
    private let deleteTitle: SQLiteStatement
    private let insertField: SQLiteStatement

    init(_ path: Bytes) throws {
        database = try SQLiteDatabase(
            path, durability: .beforeCommit,
            migrations: [
                """
                CREATE TABLE title (id INTEGER PRIMARY KEY AUTOINCREMENT, title BLOB NOT NULL) STRICT;
                CREATE TABLE field (
                    title INTEGER NOT NULL REFERENCES title ON DELETE CASCADE, place INTEGER NOT NULL,
                    name BLOB NOT NULL, value BLOB NOT NULL, time INTEGER NOT NULL, user BLOB,
                    PRIMARY KEY (title, place)) STRICT, WITHOUT ROWID;
                """
            ])
        insertTitle = try database.prepare("INSERT INTO title (id, title) VALUES (?, ?)")
        deleteTitle = try database.prepare("DELETE FROM title WHERE id = ?")
        insertField = try database.prepare(
            "INSERT INTO field (title, place, name, value, time, user) VALUES (?, ?, ?, ?, ?, ?)")
    }

    /// All records by ascending id, and the first id that was never used.
    func load() throws -> (records: [TitleRecord], nextID: Int) {
        var fields: [Int: [TitleRecord.Field]] = [:]
        let rows = try database.prepare("SELECT title, name, value, time, user FROM field ORDER BY title, place").all {
            let user = $0.isNull(4) ? nil : $0.bytes(4)
            return (
                $0.integer(0), TitleRecord.Field(name: $0.bytes(1), value: $0.bytes(2), time: $0.integer(3), user: user)
            )
        }
        for (title, field) in rows { fields[title, default: []].append(field) }
        let records = try database.prepare("SELECT id, title FROM title ORDER BY id").all {
            TitleRecord(id: $0.integer(0), title: $0.bytes(1), fields: fields[$0.integer(0)] ?? [])
        }
        let highest = try database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'title'")
            .first { $0.integer(0) }
        return (records, max(0, highest ?? 0) + 1)
    }

    func settle() throws { try database.settle() }

    /// Writes a draft in one transaction: all of it, or nothing.
    func write(_ draft: MetadataDraft) throws {
        try database.transaction { () throws(StorageError) in
            for id in draft.outdated { try deleteTitle.run(.integer(id)) }
            for record in draft.written {
                try insertTitle.run(.integer(record.id), .blob(record.title))
                for (place, field) in record.fields.enumerated() {
                    try insertField.run(
                        .integer(record.id), .integer(place), .blob(field.name), .blob(field.value),
                        .integer(field.time), field.user.map { .blob($0) } ?? .null)
                }
            }
        }
    }
}
