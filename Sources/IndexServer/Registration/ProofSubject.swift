package import P2PProtocol
package import P2PRuntime

/// What is asked to prove itself. The answer says nothing of any other port, nor of another certificate at this one.
package struct ProofSubject: Equatable, Sendable {
    package let id: PeerID
    package let endpoint: Endpoint
    package let certificate: Digest?

    package init(id: PeerID, endpoint: Endpoint, certificate: Digest?) {
        (self.id, self.endpoint, self.certificate) = (id, endpoint, certificate)
    }

    /// Whether it is what the peer is registered with.
    func isCurrent(in engine: borrowing Engine) -> Bool {
        guard let peer = engine.peer(id) else { return false }
        return peer.key == PeerKey(id: id, host: endpoint.address, port: Int(endpoint.port))
            && peer.description.certificate == certificate
    }
}
