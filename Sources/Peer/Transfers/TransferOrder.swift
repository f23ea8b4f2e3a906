package import P2PProtocol

/// What somebody wants to have here.
package struct TransferOrder: Hashable, Sendable {
    package let root: Digest
    package let size: Int
    /// As an index has it: for display, and for the file's own name once that was made harmless.
    package let name: Bytes
    package internal(set) var ownership: Ownership
    /// Nobody but this peer is asked; nil for everybody who has it.
    package let giver: PeerReference?
    /// The folder that it goes to; nil for the one where downloads go.
    package let target: Bytes?
    /// The folder below that one; harmless already, and empty for none.
    package let folder: Bytes

    package init(
        root: Digest, size: Int, name: Bytes, ownership: Ownership = .copy, giver: PeerReference? = nil,
        target: Bytes? = nil, folder: Bytes = []
    ) {
        (self.root, self.size, self.name, self.ownership) = (root, size, name, ownership)
        (self.giver, self.target, self.folder) = (giver, target, folder)
    }
}
