internal import CSQLite
internal import P2PProtocol

/// A statement that was compiled once and is run often, each time with other values.
package final class SQLiteStatement {
    private let database: SQLiteDatabase
    private let raw: OpaquePointer

    init(_ database: SQLiteDatabase, _ raw: OpaquePointer) {
        self.database = database
        self.raw = raw
    }

    deinit {
        sqlite3_finalize(raw)
    }

    /// Runs it to its end; rows are passed over.
    package func run(_ values: SQLiteValue...) throws(StorageError) {
        try start(values)
        defer { reset() }
        while try step() {}
    }

    /// What `read` makes of the first row; nil when there is none.
    package func first<Value>(
        _ values: SQLiteValue..., read: (borrowing SQLiteRow) -> Value
    ) throws(StorageError) -> Value? {
        try start(values)
        defer { reset() }
        return try step() ? read(SQLiteRow(raw)) : nil
    }

    /// What `read` makes of each row.
    package func all<Value>(
        _ values: SQLiteValue..., read: (borrowing SQLiteRow) -> Value
    ) throws(StorageError) -> [Value] {
        try start(values)
        defer { reset() }
        var results: [Value] = []
        while try step() { results.append(read(SQLiteRow(raw))) }
        return results
    }

    private func start(_ values: [SQLiteValue]) throws(StorageError) {
        reset()
        for (index, value) in values.enumerated() {
            try database.check(bind(value, at: Int32(index + 1)))
        }
    }

    private func bind(_ value: SQLiteValue, at index: Int32) -> Int32 {
        switch value {
        case .null: sqlite3_bind_null(raw, index)
        case .integer(let number): sqlite3_bind_int64(raw, index, Int64(number))
        case .text(let bytes): bind(bytes, at: index, with: csqlite_bind_text)
        case .blob(let bytes): bind(bytes, at: index, with: { csqlite_bind_blob($0, $1, $2, $3) })
        }
    }

    private func bind(
        _ bytes: Bytes, at index: Int32,
        with call: (OpaquePointer?, Int32, UnsafePointer<CChar>?, Int32) -> Int32
    ) -> Int32 {
        guard let count = Int32(exactly: bytes.count) else { return SQLITE_TOOBIG }
        // No bytes at all are not null: SQLite wants an address to know that.
        return (bytes.isEmpty ? [0] : bytes).withUnsafeBytes { all in
            call(raw, index, all.baseAddress?.assumingMemoryBound(to: CChar.self), count)
        }
    }

    private func step() throws(StorageError) -> Bool {
        let code = sqlite3_step(raw)
        if code == SQLITE_ROW { return true }
        guard code == SQLITE_DONE else { throw database.failure(code) }
        return false
    }

    // A statement that stays in the middle of its rows would keep its read transaction open.
    private func reset() {
        sqlite3_reset(raw)
        sqlite3_clear_bindings(raw)
    }
}
