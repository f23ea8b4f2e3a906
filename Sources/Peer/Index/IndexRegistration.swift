package import P2PProtocol

/// What an index says of a registration.
package struct IndexRegistration: Hashable, Sendable {
    package let id: Int
    /// The address under which others find us.
    package let host: Bytes
    package let port: Int
    /// Proves that the id is ours, to the index and by the port proof.
    package let token: Bytes

    package init(id: Int, host: Bytes, port: Int, token: Bytes) {
        (self.id, self.host, self.port, self.token) = (id, host, port, token)
    }

    /// Reads the map `id host port lease files token key time`.
    init(_ reply: Reply) throws(IndexFailure) {
        guard let id = reply["id"]?.integer, id > 0, let host = reply["host"]?.bytes,
            let port = reply["port"]?.integer, let token = reply["token"]?.bytes,
            token.count <= Limits.standard.tokenBytes
        else { throw .garbled("an answer to REG without id, host, port or token") }
        self.init(id: id, host: host, port: port, token: token)
    }
}
