package import P2PProtocol
package import P2PRuntime

/// Somebody who may come in.
package struct Account: Sendable, Equatable {
    /// What they may do there.
    package enum Role: Int, Sendable {
        case member = 0
        /// Accounts, connections and settings of others too.
        case admin = 1

        /// As it is written and typed.
        package var name: String { self == .admin ? "admin" : "member" }

        /// The role of that name.
        package init?(name: Bytes) {
            switch name {
            case Bytes(ascii: "member"): self = .member
            case Bytes(ascii: "admin"): self = .admin
            default: return nil
            }
        }
    }

    package let name: AccountName
    package var role: Role
    /// nil for somebody whom no password lets in.
    package var password: PasswordHash?
    /// Digests of the keys of the devices that joined.
    package var devices: Set<Digest> = []

    package init(name: AccountName, role: Role, password: PasswordHash?) {
        (self.name, self.role, self.password) = (name, role, password)
    }
}
