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
        """
    ]

    private let database: SQLiteDatabase
    private let selectRoot: SQLiteStatement
    private let selectLayer: SQLiteStatement
    private let replace: SQLiteStatement

    init(_ database: SQLiteDatabase) throws(StorageError) {
        let key = "device = ? AND inode = ? AND size = ? AND modified = ?"
        self.database = database
        selectRoot = try database.prepare("SELECT root FROM file WHERE \(key)")
        selectLayer = try database.prepare("SELECT root, layer FROM file WHERE \(key)")
        replace = try database.prepare("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, ?, ?)")
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
