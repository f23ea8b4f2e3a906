package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// The accounts, durable before anybody hears of a change.
package final class AccountBook: Sendable {
    private let store: AccountStore
    private let storage: WorkerPool
    private let accounts: Mutex<[AccountName: Account]>

    /// `storage` has one thread; everything durable of this program goes through it.
    package init(path: Bytes, storage: WorkerPool) throws {
        store = try AccountStore(path)
        self.storage = storage
        accounts = Mutex(try store.load())
    }

    /// Where a damaged file was put, if there was one: then nobody is known any more.
    package var setAside: Bytes? { store.setAside }

    package var count: Int { accounts.withLock { $0.count } }

    /// All of them, by name.
    package var all: [Account] { accounts.withLock { Array($0.values) }.sorted { $0.name < $1.name } }

    package subscript(name: AccountName) -> Account? { accounts.withLock { $0[name] } }

    /// Changes something; it is on the disk when this returns. Throws an `AccountFault` for what makes no sense.
    package func change(_ change: AccountChange) async throws {
        try await storage.run { try self.apply(change) }
    }

    /// The same on the thread of the storage, or before there is any.
    package func apply(_ change: AccountChange) throws {
        let before = self[change.name]
        let after = try Self.outcome(of: change, for: before)
        guard after != before else { return }
        try store.write(after, named: change.name)
        accounts.withLock { $0[change.name] = after }
    }

    /// Leaves one whole file behind, for a clean end.
    package func settle() async throws {
        try await storage.run { [store] in try store.settle() }
    }

    /// The same before there is a server.
    func settleNow() throws { try store.settle() }

    private static func outcome(of change: AccountChange, for before: Account?) throws(AccountFault) -> Account? {
        if case .add(let name, let role, let hash) = change {
            guard before == nil else { throw .exists(name) }
            return Account(name: name, role: role, password: hash)
        }
        guard var account = before else { throw .unknown(change.name) }
        switch change {
        case .add(_, let role, let hash): (account.role, account.password) = (role, hash)
        case .remove: return nil
        case .setPassword(_, let hash): account.password = hash
        case .rehash(_, let old, let new): if account.password == old { account.password = new }
        case .setRole(_, let role): account.role = role
        }
        return account
    }
}
