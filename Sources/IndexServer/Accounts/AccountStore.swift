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
    private let insertDevice: SQLiteStatement
    private let deleteDevice: SQLiteStatement
    private let insertInvitation: SQLiteStatement
    private let deleteInvitation: SQLiteStatement

    init(_ path: Bytes) throws {
        (database, setAside) = try SQLiteDatabase.openOrSetAside(
            path, durability: .beforeCommit,
            migrations: [
                """
                CREATE TABLE account (
                    name BLOB PRIMARY KEY, role INTEGER NOT NULL,
                    rounds INTEGER, blocks INTEGER, lanes INTEGER, salt BLOB, hash BLOB) STRICT, WITHOUT ROWID;
                """,
                """
                CREATE TABLE device (
                    digest BLOB PRIMARY KEY, account BLOB NOT NULL REFERENCES account ON DELETE CASCADE)
                    STRICT, WITHOUT ROWID;
                CREATE INDEX device_account ON device (account);
                CREATE TABLE invitation (
                    digest BLOB PRIMARY KEY, account BLOB NOT NULL REFERENCES account ON DELETE CASCADE,
                    "end" INTEGER NOT NULL) STRICT, WITHOUT ROWID;
                CREATE INDEX invitation_account ON invitation (account);
                """,
            ])
        // No REPLACE: it would take the account's devices and invitations with it.
        put = try database.prepare(
            """
            INSERT INTO account (name, role, rounds, blocks, lanes, salt, hash) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET role = excluded.role, rounds = excluded.rounds, blocks = excluded.blocks,
                lanes = excluded.lanes, salt = excluded.salt, hash = excluded.hash
            """)
        delete = try database.prepare("DELETE FROM account WHERE name = ?")
        insertDevice = try database.prepare("INSERT OR IGNORE INTO device (digest, account) VALUES (?, ?)")
        deleteDevice = try database.prepare("DELETE FROM device WHERE digest = ?")
        insertInvitation = try database.prepare(
            "INSERT OR REPLACE INTO invitation (digest, account, \"end\") VALUES (?, ?, ?)")
        deleteInvitation = try database.prepare("DELETE FROM invitation WHERE digest = ?")
    }

    /// All of them. A row that is none is passed over: nobody comes in by it.
    func load() throws -> (accounts: [AccountName: Account], invitations: [Digest: Invitation]) {
        let rows = try database.prepare("SELECT name, role, rounds, blocks, lanes, salt, hash FROM account").all {
            row -> Account? in
            guard let name = AccountName(row.bytes(0)), let role = Account.Role(rawValue: row.integer(1)) else {
                return nil
            }
            let cost = PasswordHash.Cost(rounds: row.integer(2), blocks: row.integer(3), lanes: row.integer(4))
            let hash = PasswordHash(cost: cost, salt: row.bytes(5), digest: row.bytes(6))
            return Account(name: name, role: role, password: row.isNull(6) ? nil : hash)
        }
        var accounts = Dictionary(rows.compactMap { $0 }.map { ($0.name, $0) }) { first, _ in first }
        let devices = try database.prepare("SELECT digest, account FROM device").all {
            ($0.digest(0), AccountName($0.bytes(1)))
        }
        for case (let device?, let name?) in devices { accounts[name]?.devices.insert(device) }
        let invitations = try database.prepare("SELECT digest, account, \"end\" FROM invitation").all {
            row -> Invitation? in
            guard let digest = row.digest(0), let name = AccountName(row.bytes(1)) else { return nil }
            return Invitation(account: name, digest: digest, end: row.integer(2))
        }
        return (accounts, Dictionary(invitations.compactMap { $0 }.map { ($0.digest, $0) }) { first, _ in first })
    }

    /// Writes what an account has become, from what it was; nil for one that is not there.
    func write(_ account: Account?, after before: Account?, named name: AccountName) throws(StorageError) {
        guard let account else { return try delete.run(.blob(name.bytes)) }
        let hash = account.password
        try put.run(
            .blob(name.bytes), .integer(account.role.rawValue), number(hash?.cost.rounds), number(hash?.cost.blocks),
            number(hash?.cost.lanes), hash.map { .blob($0.salt) } ?? .null, hash.map { .blob($0.digest) } ?? .null)
        let old = before?.devices ?? []
        for device in account.devices.subtracting(old) { try insertDevice.run(.digest(device), .blob(name.bytes)) }
        for device in old.subtracting(account.devices) { try deleteDevice.run(.digest(device)) }
    }

    func write(_ invitation: Invitation) throws(StorageError) {
        try insertInvitation.run(
            .digest(invitation.digest), .blob(invitation.account.bytes), .integer(invitation.end))
    }

    func deleteInvitation(_ digest: Digest) throws(StorageError) {
        try deleteInvitation.run(.digest(digest))
    }

    /// All that `body` writes, or nothing.
    func transaction(_ body: () throws(StorageError) -> Void) throws(StorageError) {
        try database.transaction(body)
    }

    func settle() throws { try database.settle() }

    private func number(_ value: Int?) -> SQLiteValue { value.map { .integer($0) } ?? .null }
}
