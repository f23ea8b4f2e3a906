package import P2PProtocol

/// What subscribers are told.
package enum EngineEvent: Sendable, Equatable {
    /// A content's live sources went from none to one.
    case found(FoundFile)
    case joined(PeerKey)
    case left(PeerKey)
    /// An account was removed or changed: who is in by it is so no longer, and the passes that it has got for `taker` are
    /// good no more if they expire by then, in milliseconds since 1970.
    case revoked(account: Bytes, taker: Int?, expiry: Int?)
}

/// A content that has come to life, with the source that brought it.
package struct FoundFile: Sendable, Equatable {
    package let name: Bytes
    package let size: Int?
    package let root: Digest?
    package let source: PeerKey

    package init(name: Bytes, size: Int?, root: Digest?, source: PeerKey) {
        self.name = name
        self.size = size
        self.root = root
        self.source = source
    }
}
