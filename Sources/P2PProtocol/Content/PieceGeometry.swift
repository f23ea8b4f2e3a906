/// How a file of a given size falls into blocks and pieces (BEP 52; docs/PROTOCOL.md, "A file is its content").
package struct PieceGeometry: Hashable, Sendable {
    /// Bytes under one leaf of the tree.
    package static let blockBytes = 16 << 10
    /// Bytes of a piece: what is verified, journalled and asked for on its own.
    package static let pieceBytes = 1 << 20
    /// Levels between a block's hash and its piece's.
    static let pieceHeight = 6
    static let blocksPerPiece = pieceBytes / blockBytes
    /// What stands for a block that the file does not have.
    static let missingBlock = Digest(words: (0, 0, 0, 0))
    /// What stands for a piece that the file does not have.
    static let missingPiece = MerkleTree.root(of: [], padding: missingBlock, height: pieceHeight)

    /// Bytes of the file, never negative.
    package let size: Int

    /// Nil for a negative size.
    package init?(size: Int) {
        guard size >= 0 else { return nil }
        self.size = size
    }

    /// For a size that was counted and so cannot be negative.
    init(counted size: Int) {
        self.size = size
    }

    /// The number of pieces; none for an empty file.
    package var count: Int {
        let (whole, rest) = size.quotientAndRemainder(dividingBy: Self.pieceBytes)
        return rest == 0 ? whole : whole + 1
    }

    /// The number of digests in the file's layer: one for each piece, and one for an empty file.
    package var layerCount: Int { max(count, 1) }

    /// Where a piece lies in the file; nil when the file has no such piece.
    package func range(of piece: Int) -> Range<Int>? {
        guard piece >= 0, piece < count else { return nil }
        let start = piece * Self.pieceBytes
        return start..<start + min(Self.pieceBytes, size - start)
    }

    /// The pieces that hold some byte of a region; what lies beyond the file's end does not count.
    package func pieces(touching region: Range<Int>) -> Range<Int> {
        let inside = region.clamped(to: 0..<size)
        guard !inside.isEmpty else { return 0..<0 }
        return inside.lowerBound / Self.pieceBytes..<(inside.upperBound - 1) / Self.pieceBytes + 1
    }
}
