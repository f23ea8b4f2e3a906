internal import P2PProtocol
internal import P2PRuntime

extension Ownership {
    /// The configured meaning of a transfer.
    init(_ configured: PeerConfiguration.Ownership) {
        self = configured == .move ? .move : .copy
    }
}
