/// Hashes one piece as its bytes arrive, in portions of any size.
package struct PieceHasher: Sendable {
    private var blocks: [Digest] = []
    /// The beginning of a block whose end has not arrived; empty while the portions end where blocks do.
    private var partial = Bytes()

    package init() {
        blocks.reserveCapacity(PieceGeometry.blocksPerPiece)
    }

    /// The bytes taken so far.
    package var count: Int { blocks.count * PieceGeometry.blockBytes + partial.count }

    /// Whether the piece has all the bytes that a piece can have.
    package var isFull: Bool { blocks.count == PieceGeometry.blocksPerPiece }

    /// Takes bytes up to the piece's end; answers how many it took.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) -> Int {
        var rest = UnsafeRawBufferPointer(rebasing: bytes.prefix(PieceGeometry.pieceBytes - count))
        let taken = rest.count
        if !partial.isEmpty { fillPartialBlock(from: &rest) }
        while rest.count >= PieceGeometry.blockBytes {
            blocks.append(SHA256.hash(Self.split(&rest, at: PieceGeometry.blockBytes)))
        }
        partial.append(contentsOf: rest)
        return taken
    }

    /// The piece's hash. The tree of a file of one piece is only as high as its blocks need; any other piece is a
    /// subtree of full height.
    package func finish(isOnlyPiece: Bool) -> Digest {
        let blocks = partial.isEmpty ? blocks : blocks + [SHA256.hash(partial)]
        if isOnlyPiece, blocks.isEmpty { return SHA256.hash(Bytes()) }
        return MerkleTree.root(
            of: blocks, padding: PieceGeometry.missingBlock, height: isOnlyPiece ? nil : PieceGeometry.pieceHeight)
    }

    /// The hash of a piece that is in memory as a whole; nil when it is longer than a piece can be.
    package static func root(of piece: UnsafeRawBufferPointer, isOnlyPiece: Bool) -> Digest? {
        guard piece.count <= PieceGeometry.pieceBytes else { return nil }
        // Straight from where it lies: most files are smaller than a piece, and many smaller than a block.
        if isOnlyPiece, piece.count <= PieceGeometry.blockBytes { return SHA256.hash(piece) }
        var blocks: [Digest] = []
        blocks.reserveCapacity(PieceGeometry.blocksPerPiece)
        var rest = piece
        while !rest.isEmpty { blocks.append(SHA256.hash(split(&rest, at: PieceGeometry.blockBytes))) }
        return MerkleTree.root(
            of: blocks, padding: PieceGeometry.missingBlock, height: isOnlyPiece ? nil : PieceGeometry.pieceHeight)
    }

    private mutating func fillPartialBlock(from rest: inout UnsafeRawBufferPointer) {
        partial.append(contentsOf: Self.split(&rest, at: PieceGeometry.blockBytes - partial.count))
        guard partial.count == PieceGeometry.blockBytes else { return }
        blocks.append(SHA256.hash(partial))
        partial.removeAll(keepingCapacity: true)
    }

    private static func split(_ bytes: inout UnsafeRawBufferPointer, at count: Int) -> UnsafeRawBufferPointer {
        let head = UnsafeRawBufferPointer(rebasing: bytes.prefix(count))
        bytes = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(count))
        return head
    }
}
