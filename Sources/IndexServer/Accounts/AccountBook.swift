package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// The accounts, durable before anybody hears of a change.
package final class AccountBook: Sendable {
    private struct State {
        var accounts: [AccountName: Account]
        var invitations: [Digest: Invitation]
    }

    /// Invitations of one account at a time.
    private static let invitationsPerAccount = 100

    private let store: AccountStore
    private let storage: WorkerPool
    private let state: Mutex<State>

    /// `storage` has one thread; everything durable of this program goes through it.
    package init(path: Bytes, storage: WorkerPool) throws {
        store = try AccountStore(path)
        self.storage = storage
        let (accounts, invitations) = try store.load()
        state = Mutex(State(accounts: accounts, invitations: invitations))
    }

    /// Where a damaged file was put, if there was one: then nobody is known any more.
    package var setAside: Bytes? { store.setAside }

    package var count: Int { state.withLock { $0.accounts.count } }

    /// All of them, by name.
    package var all: [Account] { state.withLock { Array($0.accounts.values) }.sorted { $0.name < $1.name } }

    package subscript(name: AccountName) -> Account? { state.withLock { $0.accounts[name] } }

    /// Changes something; it is on the disk when this returns. Throws an `AccountFault` for what makes no sense.
    package func change(_ change: AccountChange) async throws {
        try await storage.run { try self.apply(change) }
    }

    /// The same on the thread of the storage, or before there is any.
    package func apply(_ change: AccountChange) throws {
        let before = state.withLock { $0 }
        var after = before
        try Self.apply(change, to: &after)
        let name = change.name
        let (old, new) = (before.accounts[name], after.accounts[name])
        let invitations = (before.invitations, after.invitations)
        try store.transaction { () throws(StorageError) in
            if old != new { try store.write(new, after: old, named: name) }
            for (digest, invitation) in invitations.1 where invitations.0[digest] != invitation {
                try store.write(invitation)
            }
            for digest in invitations.0.keys where invitations.1[digest] == nil {
                try store.deleteInvitation(digest)
            }
        }
        // Only this thread changes it, so it is still what the change was made to.
        state.withLock { $0 = after }
    }

    /// Leaves one whole file behind, for a clean end.
    package func settle() async throws {
        try await storage.run { [store] in try store.settle() }
    }

    /// The same before there is a server.
    func settleNow() throws { try store.settle() }

    private static func apply(_ change: AccountChange, to state: inout State) throws(AccountFault) {
        let name = change.name
        let account = state.accounts[name]
        switch change {
        case .add(_, let role, let hash):
            guard account == nil else { throw .exists(name) }
            state.accounts[name] = Account(name: name, role: role, password: hash)
        case .invite(let invitation):
            if account == nil { state.accounts[name] = Account(name: name, role: .member, password: nil) }
            invite(invitation, &state)
        case .redeem(_, let code, let device, let now):
            guard let invitation = state.invitations[code], invitation.account == name, now < invitation.end,
                account != nil
            else { throw .notInvited }
            state.invitations[code] = nil
            state.accounts[name]?.devices.insert(device)
        case .rehash(_, let old, let new):
            guard let account else { throw .unknown(name) }
            if account.password == old { state.accounts[name]?.password = new }
        case .remove, .setPassword, .setRole:
            guard let account else { throw .unknown(name) }
            state.accounts[name] = changed(account, by: change)
            // They were given to another than who this is now.
            state.invitations = state.invitations.filter { $0.value.account != name }
        }
    }

    private static func changed(_ account: Account, by change: AccountChange) -> Account? {
        var account = account
        switch change {
        case .remove: return nil
        // Who changes a password shuts out all who came in before, their devices too.
        case .setPassword(_, let hash): (account.password, account.devices) = (hash, [])
        case .setRole(_, let role): account.role = role
        case .add, .invite, .redeem, .rehash: break
        }
        return account
    }

    private static func invite(_ invitation: Invitation, _ state: inout State) {
        let others = state.invitations.values.filter { $0.account == invitation.account }.sorted { $0.end < $1.end }
        for oldest in others.dropLast(invitationsPerAccount - 1) { state.invitations[oldest.digest] = nil }
        state.invitations[invitation.digest] = invitation
    }
}
