/// Hashes a whole file as its bytes are read, in portions of any size: the BEP 52 pieces root and the piece layer.
/// Besides the layer it holds one piece's block hashes.
package struct ContentHasher: Sendable {
    private var layer: [Digest] = []
    private var piece = PieceHasher()
    private var size = 0

    package init() {}

    /// Takes the file's next bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        while !rest.isEmpty {
            let taken = piece.update(rest)
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(taken))
            size += taken
            if piece.isFull { closePiece(isOnlyPiece: false) }
        }
    }

    /// The file's identity and layer.
    package consuming func finish() -> (root: Digest, layer: PieceLayer) {
        if piece.count > 0 || layer.isEmpty { closePiece(isOnlyPiece: layer.isEmpty) }
        let layer = PieceLayer(size: size, pieces: layer)
        return (layer.root, layer)
    }

    // A full piece has the same hash whether or not it is the only one, so that it can be closed before that is known.
    private mutating func closePiece(isOnlyPiece: Bool) {
        layer.append(piece.finish(isOnlyPiece: isOnlyPiece))
        piece = PieceHasher()
    }
}
