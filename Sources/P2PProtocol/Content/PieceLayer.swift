/// The hashes of a file's pieces, from which its root follows: with them any piece is verified on its own.
/// A file of at most one piece has its root as its only hash.
package struct PieceLayer: Hashable, Sendable {
    package let geometry: PieceGeometry
    package let pieces: [Digest]

    init(size: Int, pieces: [Digest]) {
        self.geometry = PieceGeometry(counted: size)
        self.pieces = pieces
    }

    /// A layer as `GET /pieces/<root>` carries it, 32 bytes a piece; nil unless it is exactly the layer of the file
    /// of that root and size.
    package init?(wire: Bytes, size: Int, root: Digest) {
        self.init(stored: wire, size: size)
        guard self.root == root else { return nil }
    }

    /// A layer in the same form from a store of our own: only its length is checked.
    package init?(stored: Bytes, size: Int) {
        guard let geometry = PieceGeometry(size: size) else { return nil }
        guard stored.count == geometry.layerCount * Digest.byteCount else { return nil }
        let starts = stride(from: 0, to: stored.count, by: Digest.byteCount)
        self.geometry = geometry
        self.pieces = starts.compactMap { Digest(stored[$0..<$0 + Digest.byteCount]) }
    }

    /// The form that travels and is stored: 32 bytes a piece.
    package var wire: Bytes {
        var bytes = Bytes()
        bytes.reserveCapacity(pieces.count * Digest.byteCount)
        for piece in pieces { bytes.append(contentsOf: piece.bytes) }
        return bytes
    }

    /// The file's identity.
    package var root: Digest {
        MerkleTree.root(of: pieces, padding: PieceGeometry.missingPiece)
    }

    /// Whether these bytes are that piece of the file, complete and unchanged.
    package func verifies(_ bytes: UnsafeRawBufferPointer, asPiece piece: Int) -> Bool {
        guard let range = geometry.range(of: piece), range.count == bytes.count else { return false }
        return PieceHasher.root(of: bytes, isOnlyPiece: geometry.count == 1) == pieces[piece]
    }

    /// The same for a piece whose bytes went through a hasher as they arrived.
    package func verifies(_ hasher: PieceHasher, asPiece piece: Int) -> Bool {
        guard let range = geometry.range(of: piece), range.count == hasher.count else { return false }
        return hasher.finish(isOnlyPiece: geometry.count == 1) == pieces[piece]
    }
}
