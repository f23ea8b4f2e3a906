internal import P2PProtocol
internal import P2PRuntime

/// What a session knows of the peer that it has registered.
struct SessionRegistration {
    /// Which peer, and what of it is to be proven.
    let subject: ProofSubject
    let token: Bytes
    let lease: Duration?
    /// When the entry goes if nothing is heard until then.
    private(set) var deadline: Moment
    /// The port is asked to prove itself once, when the first FILES entry comes.
    var isProbing = false

    init(_ subject: ProofSubject, token: Bytes, lease: Duration?, now: Moment) {
        (self.subject, self.token, self.lease) = (subject, token, lease)
        deadline = .distantFuture
        renew(now)
    }

    var id: PeerID { subject.id }

    /// Any traffic renews the lease.
    mutating func renew(_ now: Moment) {
        if let lease { deadline = now + lease }
    }
}
