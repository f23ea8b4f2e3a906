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

    /// Whose it is.
    package var name: AccountName {
        switch self {
        case .add(let name, _, _), .remove(let name), .setPassword(let name, _), .rehash(let name, _, _),
            .setRole(let name, _):
            name
        }
    }
}

/// Why an account does not become what it should.
package enum AccountFault: Error, Equatable, CustomStringConvertible {
    case exists(AccountName)
    case unknown(AccountName)

    package var description: String {
        switch self {
        case .exists(let name): "there is an account '\(name)' already"
        case .unknown(let name): "there is no account '\(name)'"
        }
    }
}
