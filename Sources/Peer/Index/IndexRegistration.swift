package import P2PProtocol
package import P2PRuntime

/// What an index says of a registration.
package struct IndexRegistration: Hashable, Sendable {
    package let id: Int
    /// The address under which others find us.
    package let host: Bytes
    package let port: Int
    /// Proves that the id is ours, to the index and by the port proof.
    package let token: Bytes
    /// With what passes are checked that it signs; nil where nobody needs any.
    package let key: VerifyingKey?
    /// Its clock when it answered, in milliseconds since 1970, and ours.
    private let time: Int
    private let heard: Moment

    package init(
        id: Int, host: Bytes, port: Int, token: Bytes, key: VerifyingKey? = nil, time: Int = 0, heard: Moment = .now
    ) {
        (self.id, self.host, self.port, self.token) = (id, host, port, token)
        (self.key, self.time, self.heard) = (key, time, heard)
    }

    /// What its clock shows at a moment of ours.
    package func clock(at moment: Moment) -> Int {
        time + Int(moment.since(heard).inSeconds * 1_000)
    }

    /// Reads the map `id host port lease files token key time`.
    init(_ reply: Reply) throws(IndexFailure) {
        guard let id = reply["id"]?.integer, id > 0, let host = reply["host"]?.bytes,
            let port = reply["port"]?.integer, let token = reply["token"]?.bytes,
            token.count <= Limits.standard.tokenBytes
        else { throw .garbled("an answer to REG without id, host, port or token") }
        let key = reply["key"]?.bytes.flatMap { Hex.decode($0) }.flatMap { VerifyingKey($0) }
        // Who has a key that we do not understand wants passes all the same.
        if key == nil, reply["key"]?.bytes != nil { throw .garbled("an answer to REG with a key that is none") }
        self.init(id: id, host: host, port: port, token: token, key: key, time: reply["time"]?.integer ?? 0)
    }
}
