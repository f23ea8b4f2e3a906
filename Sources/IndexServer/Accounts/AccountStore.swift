internal import P2PProtocol
internal import P2PRuntime

/// The accounts on the disk.
///
/// SAFETY: after `load`, only jobs of the one-threaded storage pool touch it.
final class AccountStore: @unchecked Sendable {
    /// Where a damaged file was put, if there was one.
    let setAside: Bytes?
    private let database: SQLiteDatabase
    private let put: SQLiteStatement
    private let delete: SQLiteStatement

    init(_ path: Bytes) throws {
        (database, setAside) = try SQLiteDatabase.openOrSetAside(
            path, durability: .beforeCommit,
            migrations: [
                """
                CREATE TABLE account (
                    name BLOB PRIMARY KEY, role INTEGER NOT NULL,
                    rounds INTEGER, blocks INTEGER, lanes INTEGER, salt BLOB, hash BLOB) STRICT, WITHOUT ROWID;
                """
            ])
        put = try database.prepare(
            "INSERT OR REPLACE INTO account (name, role, rounds, blocks, lanes, salt, hash) VALUES (?, ?, ?, ?, ?, ?, ?)"
        )
        delete = try database.prepare("DELETE FROM account WHERE name = ?")
    }

    /// All of them. A row that is none is passed over: nobody comes in by it.
    func load() throws -> [AccountName: Account] {
        let rows = try database.prepare("SELECT name, role, rounds, blocks, lanes, salt, hash FROM account").all {
            row -> Account? in
            guard let name = AccountName(row.bytes(0)), let role = Account.Role(rawValue: row.integer(1)) else {
                return nil
            }
            let cost = PasswordHash.Cost(rounds: row.integer(2), blocks: row.integer(3), lanes: row.integer(4))
            let hash = PasswordHash(cost: cost, salt: row.bytes(5), digest: row.bytes(6))
            return Account(name: name, role: role, password: row.isNull(6) ? nil : hash)
        }
        return Dictionary(rows.compactMap { $0 }.map { ($0.name, $0) }) { first, _ in first }
    }

    /// Writes what an account has become; nil for one that is gone.
    func write(_ account: Account?, named name: AccountName) throws {
        guard let account else { return try delete.run(.blob(name.bytes)) }
        let hash = account.password
        try put.run(
            .blob(name.bytes), .integer(account.role.rawValue), number(hash?.cost.rounds), number(hash?.cost.blocks),
            number(hash?.cost.lanes), hash.map { .blob($0.salt) } ?? .null, hash.map { .blob($0.digest) } ?? .null)
    }

    func settle() throws { try database.settle() }

    private func number(_ value: Int?) -> SQLiteValue { value.map { .integer($0) } ?? .null }
}
