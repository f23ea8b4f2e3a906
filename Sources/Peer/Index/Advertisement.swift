package import P2PProtocol

/// What a peer tells an index about itself when it registers.
package struct Advertisement: Hashable, Sendable {
    /// The port that others reach us at.
    package let port: Int
    /// What the peer calls itself; nil for nothing.
    package let name: Bytes?
    package let lease: Duration
    package let ownership: Ownership
    /// The certificate with which it serves; nil where it is not to be asked for encryption.
    package let certificate: Digest?

    package init(port: Int, name: Bytes?, lease: Duration, ownership: Ownership, certificate: Digest? = nil) {
        (self.port, self.name, self.lease, self.ownership) = (port, name, lease, ownership)
        self.certificate = certificate
    }

    /// The command, with the identity of an earlier time where there is one.
    func registration(as credential: IndexCredentials.Credential?) -> Registration {
        var registration = Registration(id: credential?.id, port: port, ownership: ownership)
        registration.name = name
        registration.lease = Int(lease.components.seconds)
        registration.token = credential?.token
        registration.certificate = certificate
        return registration
    }
}
