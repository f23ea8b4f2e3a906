internal import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// By which certificate the index is known on encrypted connections. It can be another one from a moment on; who is
/// connected stays so.
final class ServedCertificate: Sendable {
    private let oldest: TLSContext.Version
    private let current: Mutex<(context: TLSContext, fingerprint: Digest)>

    init(_ identity: TLSIdentity, from oldest: TLSContext.Version) throws(TLSFault) {
        self.oldest = oldest
        current = Mutex((try TLSContext(serving: identity, from: oldest), identity.fingerprint))
    }

    var context: TLSContext { current.withLock { $0.context } }
    var fingerprint: Digest { current.withLock { $0.fingerprint } }

    /// False when it is the one that was shown before.
    func replace(with identity: TLSIdentity) throws(TLSFault) -> Bool {
        let context = try TLSContext(serving: identity, from: oldest)
        return current.withLock { current in
            defer { current = (context, identity.fingerprint) }
            return current.fingerprint != identity.fingerprint
        }
    }
}
