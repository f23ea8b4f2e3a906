internal import CSQLite

/// A database that could not do what it was asked: why, which one, and SQLite's words for it.
package struct StorageError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What a caller can act on.
    package enum Reason: Sendable {
        /// The file is damaged, or no database at all.
        case corrupt
        /// A newer version of the program wrote it.
        case newer
        /// Another process kept it locked for too long.
        case busy
        /// The disk is full.
        case full
        /// The file or its folder cannot be opened or written.
        case denied
        /// A row that must not exist twice, or not at all, does.
        case constraint
        case other
    }

    package let reason: Reason
    /// The database's path, for people.
    package let path: String
    package let message: String

    package init(_ reason: Reason, path: String, message: String) {
        self.reason = reason
        self.path = path
        self.message = message
    }

    init(code: Int32, path: String, message: String) {
        self.init(Self.reason(of: code), path: path, message: message)
    }

    package var description: String { "database \(path): \(message)" }

    private static func reason(of code: Int32) -> Reason {
        switch code & 0xFF {
        case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt
        case SQLITE_BUSY, SQLITE_LOCKED: .busy
        case SQLITE_FULL: .full
        case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_READONLY: .denied
        case SQLITE_CONSTRAINT: .constraint
        default: .other
        }
    }
}
