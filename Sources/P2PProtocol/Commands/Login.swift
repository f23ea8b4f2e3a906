/// A user's name and password, as `AUTH` and `HELLO` carry them.
package struct Login: Hashable, Sendable {
    package let user: Bytes
    package let password: Bytes

    package init(user: Bytes, password: Bytes) {
        (self.user, self.password) = (user, password)
    }

    init(reading reader: inout CommandReader) throws(WireError) {
        let user = try reader.bytes("name", upTo: reader.limits.labelBytes)
        let password = try reader.text()
        guard password.count <= reader.limits.nameBytes else { throw reader.fault("password is too long") }
        self.init(user: user, password: Bytes(password))
    }
}

extension Login: CustomStringConvertible {
    /// Without the password: this may reach a log.
    package var description: String { "Login(\(WireError.excerpt(of: user)))" }
}
