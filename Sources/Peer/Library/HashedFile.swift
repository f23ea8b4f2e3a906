package import P2PProtocol
package import P2PRuntime

/// What hashing a file came to, and for exactly which state of the file it is true.
package struct HashedFile: Hashable, Sendable {
    package let identity: FileIdentity
    package let root: Digest
    package let layer: PieceLayer

    package init(identity: FileIdentity, root: Digest, layer: PieceLayer) {
        self.identity = identity
        self.root = root
        self.layer = layer
    }
}
