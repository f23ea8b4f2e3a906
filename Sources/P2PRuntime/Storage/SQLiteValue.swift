package import P2PProtocol

/// What goes into a database's column.
package enum SQLiteValue: Hashable, Sendable {
    case null
    case integer(Int)
    case text(Bytes)
    case blob(Bytes)

    /// A digest as its 32 bytes.
    package static func digest(_ digest: Digest) -> SQLiteValue { .blob(digest.bytes) }

    /// A device's, an inode's or another unsigned number, all of whose bits are kept.
    package static func bits(_ number: UInt64) -> SQLiteValue { .integer(Int(bitPattern: UInt(number))) }
}
