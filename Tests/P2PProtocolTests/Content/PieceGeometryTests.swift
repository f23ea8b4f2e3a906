import P2PProtocol
import Testing

@Suite struct PieceGeometryTests {
    @Test(
        "counts the pieces of a size",
        arguments: [
            (0, 0), (1, 1), (1_048_575, 1), (1_048_576, 1), (1_048_577, 2), (5_242_887, 6), (Int.max, 1 << 43),
        ])
    func count(size: Int, pieces: Int) throws {
        let geometry = try #require(PieceGeometry(size: size))
        #expect(geometry.count == pieces)
        #expect(geometry.layerCount == max(1, pieces))
        #expect(geometry.range(of: pieces) == nil)
        #expect(geometry.range(of: -1) == nil)
        guard pieces > 0 else { return }
        #expect(geometry.range(of: 0)?.lowerBound == 0)
        #expect(geometry.range(of: pieces - 1)?.upperBound == size)
    }

    @Test("has no negative sizes", arguments: [-1, Int.min])
    func negative(size: Int) {
        #expect(PieceGeometry(size: size) == nil)
    }

    @Test(
        "names the pieces that a region touches",
        arguments: [
            (0..<1, 0..<1), (0..<1_048_576, 0..<1), (1_048_575..<1_048_577, 0..<2), (2_097_152..<Int.max, 2..<3),
            (5..<5, 0..<0), (3_000_000..<Int.max, 0..<0), (Int.min..<Int.max, 0..<3),
        ])
    func touching(region: Range<Int>, pieces: Range<Int>) throws {
        #expect(try #require(PieceGeometry(size: 2_500_000)).pieces(touching: region) == pieces)
    }
}
