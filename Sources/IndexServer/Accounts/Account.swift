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
    /// nil for who comes in with the keys of devices only.
    package var password: PasswordHash?
    /// The digests of the keys of devices.
    package var devices: Set<Digest>

    package init(name: AccountName, role: Role, password: PasswordHash?, devices: Set<Digest> = []) {
        (self.name, self.role, self.password, self.devices) = (name, role, password, devices)
    }
}
