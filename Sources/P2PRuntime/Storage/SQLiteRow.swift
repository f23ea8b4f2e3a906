internal import CSQLite
package import P2PProtocol

/// The row that a statement stands on; its columns are counted from 0. Valid inside the closure that is given it.
package struct SQLiteRow: ~Copyable {
    private let statement: OpaquePointer

    init(_ statement: OpaquePointer) { self.statement = statement }

    package func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(statement, column) == SQLITE_NULL
    }

    /// A number; 0 for what is none.
    package func integer(_ column: Int32) -> Int {
        Int(sqlite3_column_int64(statement, column))
    }

    /// The bytes of text or of a blob; none for null.
    package func bytes(_ column: Int32) -> Bytes {
        let start = sqlite3_column_blob(statement, column)
        return Bytes(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))))
    }

    /// A digest; nil for what is not 32 bytes.
    package func digest(_ column: Int32) -> Digest? {
        Digest(bytes(column))
    }
}
