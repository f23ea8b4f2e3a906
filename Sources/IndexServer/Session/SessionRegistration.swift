internal import P2PProtocol
internal import P2PRuntime

/// What a session knows of the peer that it has registered.
struct SessionRegistration {
    let id: PeerID
    let token: Bytes
    let endpoint: Endpoint
    let lease: Duration?
    /// When the entry goes if nothing is heard until then.
    private(set) var deadline: Moment
    /// The port is asked to prove itself once, when the first FILES entry comes.
    var isProbing = false

    init(id: PeerID, token: Bytes, endpoint: Endpoint, lease: Duration?, now: Moment) {
        (self.id, self.token, self.endpoint, self.lease) = (id, token, endpoint, lease)
        deadline = .distantFuture
        renew(now)
    }

    /// Any traffic renews the lease.
    mutating func renew(_ now: Moment) {
        if let lease { deadline = now + lease }
    }
}
