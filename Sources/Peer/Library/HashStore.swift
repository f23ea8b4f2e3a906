internal import P2PProtocol
internal import P2PRuntime

/// The cache's database. A file has one row, for its newest state: older ones can never be asked for again.
struct HashStore {
    static let migrations = [
        """
        CREATE TABLE file (
            device INTEGER NOT NULL, inode INTEGER NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL,
            root BLOB NOT NULL, layer BLOB,
            UNIQUE (device, inode)
        )
        """,
        """
        CREATE TABLE damaged (
            device INTEGER NOT NULL, inode INTEGER NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL,
            UNIQUE (device, inode)
        )
        """,
    ]

    private let database: SQLiteDatabase
    private let selectRoot: SQLiteStatement
    private let selectLayer: SQLiteStatement
    private let replace: SQLiteStatement
    private let selectDamaged: SQLiteStatement
    private let addDamaged: SQLiteStatement
    private let removeDamaged: SQLiteStatement

    init(_ database: SQLiteDatabase) throws(StorageError) {
        let key = "device = ? AND inode = ? AND size = ? AND modified = ?"
        self.database = database
        selectRoot = try database.prepare("SELECT root FROM file WHERE \(key)")
        selectLayer = try database.prepare("SELECT root, layer FROM file WHERE \(key)")
        replace = try database.prepare("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?)")
        selectDamaged = try database.prepare("SELECT device, inode, size, modified FROM damaged")
        addDamaged = try database.prepare("INSERT OR REPLACE INTO damaged VALUES (?, ?, ?, ?)")
        removeDamaged = try database.prepare("DELETE FROM damaged WHERE \(key)")
    }

    /// The files whose bytes were found to be others than they were hashed as.
    func damaged() throws(StorageError) -> Set<FileIdentity> {
        Set(
            try selectDamaged.all { row in
                FileIdentity(
                    device: UInt64(UInt(bitPattern: row.integer(0))), inode: UInt64(UInt(bitPattern: row.integer(1))),
                    size: row.integer(2), modified: row.integer(3))
            })
    }

    /// Notes which files are damaged, and which are not any more.
    func note(damaged: [FileIdentity], mended: [FileIdentity]) throws(StorageError) {
        try database.transaction { () throws(StorageError) in
            for (files, statement) in [(damaged, addDamaged), (mended, removeDamaged)] {
                for file in files {
                    try statement.run(
                        .bits(file.device), .bits(file.inode), .integer(file.size), .integer(file.modified))
                }
            }
        }
    }

    func roots(of files: [FileIdentity]) throws(StorageError) -> [FileIdentity: Digest] {
        var roots: [FileIdentity: Digest] = [:]
        try database.transaction { () throws(StorageError) in
            for file in files {
                let root = try selectRoot.first(
                    .bits(file.device), .bits(file.inode), .integer(file.size), .integer(file.modified)
                ) { $0.digest(0) }
                if let root = root ?? nil { roots[file] = root }
            }
        }
        return roots
    }

    func layer(of file: FileIdentity) throws(StorageError) -> PieceLayer? {
        let found = try selectLayer.first(
            .bits(file.device), .bits(file.inode), .integer(file.size), .integer(file.modified)
        ) { row in
            row.digest(0).flatMap { root in
                PieceLayer(wire: row.isNull(1) ? root.bytes : row.bytes(1), size: file.size, root: root)
            }
        }
        return found ?? nil
    }

    func keep(_ files: [HashedFile]) throws(StorageError) {
        try database.transaction { () throws(StorageError) in
            for file in files {
                // The layer of a file of one piece is its root: kept once.
                let layer = file.layer.pieces.count > 1 ? SQLiteValue.blob(file.layer.wire) : .null
                try replace.run(
                    .bits(file.identity.device), .bits(file.identity.inode), .integer(file.identity.size),
                    .integer(file.identity.modified), .digest(file.root), layer)
            }
        }
    }
}
