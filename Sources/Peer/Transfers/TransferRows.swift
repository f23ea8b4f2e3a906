internal import P2PProtocol
internal import P2PRuntime

/// A transfer as a row of the database, and back.
struct TransferRows {
    static let migrations = [
        """
        CREATE TABLE transfer (
            number INTEGER PRIMARY KEY AUTOINCREMENT, place INTEGER NOT NULL,
            root BLOB NOT NULL, size INTEGER NOT NULL, name BLOB NOT NULL, moves INTEGER NOT NULL,
            giver TEXT, target BLOB,
            state INTEGER NOT NULL, reason TEXT, path BLOB, shared BLOB, debtor TEXT, since INTEGER
        ) STRICT
        """,
        "ALTER TABLE transfer ADD COLUMN folder BLOB",
    ]

    /// What lies in the file.
    struct Content {
        var transfers: [Transfer] = []
        var next = 1
        /// Rows that make no sense.
        var unreadable = 0
    }

    /// The numbers of the states in the file: never changed. What was under way begins anew.
    private enum Kind: Int {
        case queued, paused, settling, cancelled, done, failed
    }

    private let database: SQLiteDatabase
    private let replace: SQLiteStatement
    private let delete: SQLiteStatement

    init(_ database: SQLiteDatabase) throws(StorageError) {
        self.database = database
        replace = try database.prepare(
            "INSERT OR REPLACE INTO transfer VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        delete = try database.prepare("DELETE FROM transfer WHERE number = ?")
    }

    func write(_ changes: [TransferChange]) throws(StorageError) {
        guard !changes.isEmpty else { return }
        try database.transaction { () throws(StorageError) in
            for change in changes {
                switch change {
                case .save(let transfer): try write(transfer)
                case .remove(let number): try delete.run(.integer(number))
                }
            }
        }
    }

    func load() throws(StorageError) -> Content {
        var content = Content()
        let rows = try database.prepare(
            """
            SELECT number, place, root, size, name, moves, giver, target, state, reason, path, shared, debtor, since,
                folder
            FROM transfer ORDER BY place LIMIT 200000
            """
        ).all { Self.transfer($0) }
        content.transfers = rows.compactMap { $0 }
        content.unreadable = rows.count - content.transfers.count
        let highest = try database.prepare("SELECT seq FROM sqlite_sequence WHERE name = 'transfer'")
            .first { $0.integer(0) }
        // Whoever wrote a greater one into the file wants no more orders.
        content.next = min(max(highest ?? 0, 0), Int.max - 1) + 1
        return content
    }

    // MARK: Writing

    private func write(_ transfer: Transfer) throws(StorageError) {
        var (kind, reason, path) = (Kind.queued, transfer.reason, Bytes?.none)
        var debt: Transfer.Debt?
        switch transfer.state {
        case .queued, .running, .waiting: reason = nil
        case .paused: kind = .paused
        case .settling(let owed, _, _): (kind, path, debt) = (.settling, owed.path, owed)
        case .cancelled: kind = .cancelled
        case .done(let place, _): (kind, path) = (.done, place)
        case .failed: kind = .failed
        }
        let order = transfer.order
        try replace.run(
            .integer(transfer.number), .integer(transfer.place), .digest(order.root), .integer(order.size),
            .blob(order.name), .integer(order.ownership == .move ? 1 : 0), .text(order.giver?.text),
            .blob(order.target), .integer(kind.rawValue), .text(reason.map { Bytes($0.utf8) }), .blob(path),
            .blob(debt?.name?.bytes), .text((debt?.giver ?? transfer.giver)?.text),
            debt.map { .integer(Int($0.since.milliseconds)) } ?? .null,
            .blob(order.folder.isEmpty ? nil : order.folder))
    }

    // MARK: Reading

    /// Nil for a row that nobody could act on.
    private static func transfer(_ row: borrowing SQLiteRow) -> Transfer? {
        guard let root = row.digest(2), let kind = Kind(rawValue: row.integer(8)) else { return nil }
        let (number, place, size) = (row.integer(0), row.integer(1), row.integer(3))
        let limits = Limits.standard
        let name = row.bytes(4)
        guard number > 0, number < Int.max, (0...Int.max / 2).contains(place), (0...limits.fileBytes).contains(size),
            !name.isEmpty, name.count <= limits.nameBytes, let state = state(kind, row)
        else { return nil }
        let order = TransferOrder(
            root: root, size: size, name: name, ownership: row.integer(5) == 1 ? .move : .copy,
            giver: row.isNull(6) ? nil : PeerReference(row.bytes(6)), target: row.isNull(7) ? nil : row.bytes(7),
            folder: row.isNull(14) ? [] : row.bytes(14))
        var transfer = Transfer(number: number, order: order, place: place, state: state)
        if kind != .settling { transfer.giver = PeerReference(row.bytes(12)) }
        return transfer
    }

    private static func state(_ kind: Kind, _ row: borrowing SQLiteRow) -> Transfer.State? {
        let reason = row.isNull(9) ? nil : String(decoding: row.bytes(9), as: UTF8.self)
        switch kind {
        case .queued: return .queued
        case .paused: return .paused
        case .cancelled: return .cancelled
        case .done: return .done(path: row.bytes(10), note: reason)
        case .failed: return .failed(reason: reason ?? "nobody remembers why")
        case .settling:
            guard let giver = PeerReference(row.bytes(12)) else { return nil }
            let debt = Transfer.Debt(
                path: row.bytes(10), name: row.isNull(11) ? nil : Name(validating: row.bytes(11)), giver: giver,
                since: WallClock(milliseconds: Int64(row.integer(13))))
            return .settling(debt, reason: nil, until: Moment(nanoseconds: 0))
        }
    }
}

extension SQLiteValue {
    fileprivate static func text(_ bytes: Bytes?) -> SQLiteValue { bytes.map { .text($0) } ?? .null }
    fileprivate static func blob(_ bytes: Bytes?) -> SQLiteValue { bytes.map { .blob($0) } ?? .null }
}
