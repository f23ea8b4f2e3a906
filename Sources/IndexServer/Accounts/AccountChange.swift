package import P2PProtocol
package import P2PRuntime

/// What can become of the accounts.
package enum AccountChange: Sendable {
    case add(AccountName, Account.Role, PasswordHash)
    case remove(AccountName)
    case setPassword(AccountName, PasswordHash)
    /// The same password, kept in today's manner.
    case rehash(AccountName, from: PasswordHash, to: PasswordHash)
    case setRole(AccountName, Account.Role)
    /// An invitation; who has no account yet becomes a member by it.
    case invite(Invitation)
    /// The device that shows an invitation's code gets in from now on.
    case redeem(AccountName, code: Digest, device: Digest, now: Int)

    /// Whose it is.
    package var name: AccountName {
        switch self {
        case .add(let name, _, _), .remove(let name), .setPassword(let name, _), .rehash(let name, _, _),
            .setRole(let name, _), .redeem(let name, _, _, _):
            name
        case .invite(let invitation): invitation.account
        }
    }

    /// Whether who is in by this account has to go.
    var endsSessions: Bool {
        switch self {
        case .add, .rehash, .invite, .redeem: false
        case .remove, .setPassword, .setRole: true
        }
    }
}

/// Why an account does not become what it should.
package enum AccountFault: Error, Equatable, CustomStringConvertible {
    case exists(AccountName)
    case unknown(AccountName)
    /// No such invitation, or it was redeemed, or it is too old: nobody is told which.
    case notInvited

    package var description: String {
        switch self {
        case .exists(let name): "there is an account '\(name)' already"
        case .unknown(let name): "there is no account '\(name)'"
        case .notInvited: "this invitation is not good (any more)"
        }
    }
}
