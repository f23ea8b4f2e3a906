package import P2PProtocol
package import P2PRuntime

/// What a peer says of itself in REG, as far as the engine keeps it.
package struct PeerDescription: Sendable {
    package var host: IPAddress
    package var port: Int
    /// What the peer calls itself.
    package var name: Bytes?
    /// How long the entry lives without traffic; nil lives as long as the connection.
    package var lease: Duration?
    /// The SHA-256 of the certificate with which the peer serves.
    package var certificate: Digest?
    /// The giver's consent: others may move its files away.
    package var isMovable: Bool

    package init(
        host: IPAddress, port: Int, name: Bytes? = nil, lease: Duration? = nil, certificate: Digest? = nil,
        isMovable: Bool = false
    ) {
        self.host = host
        self.port = port
        self.name = name
        self.lease = lease
        self.certificate = certificate
        self.isMovable = isMovable
    }
}
