import P2PProtocol
import TestSupport
import Testing

@Suite struct PieceLayerTests {
    static let sizes = [1, 16_383, 16_385, 1_048_575, 1_048_576, 1_048_577, 3 << 20, 5_242_887]

    @Test("verifies every piece of a file, and none with one bit flipped or bytes missing", arguments: sizes)
    func pieces(size: Int) throws {
        let file = NaiveContent.bytes(size)
        let layer = try layer(of: file)
        var random = Seeded(seed: UInt64(size))
        for piece in 0..<layer.geometry.count {
            var bytes = Bytes(file[try #require(layer.geometry.range(of: piece))])
            #expect(verifies(layer, bytes, piece))
            #expect(!verifies(layer, bytes.dropLast(), piece))
            #expect(!verifies(layer, bytes + [0], piece))
            bytes[Int.random(in: bytes.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            #expect(!verifies(layer, bytes, piece))
        }
    }

    @Test("refuses a piece number that the file does not have", arguments: [-1, 3, Int.min, Int.max])
    func foreignPiece(piece: Int) throws {
        let layer = try layer(of: NaiveContent.bytes(5 << 19))
        #expect(!verifies(layer, Bytes(repeating: 0, count: 1 << 20), piece))
    }

    @Test("verifies a piece that was hashed as it arrived", arguments: [700_000, 1_048_576, 1_500_000])
    func arriving(size: Int) throws {
        let file = NaiveContent.bytes(size)
        let layer = try layer(of: file)
        for piece in 0..<layer.geometry.count {
            var hasher = PieceHasher()
            let range = try #require(layer.geometry.range(of: piece))
            for start in stride(from: range.lowerBound, to: range.upperBound, by: 65_521) {
                let portion = file[start..<min(start + 65_521, range.upperBound)]
                #expect(portion.withUnsafeBytes { hasher.update($0) } == portion.count)
            }
            #expect(layer.verifies(hasher, asPiece: piece))
            #expect(!layer.verifies(PieceHasher(), asPiece: piece))
        }
    }

    @Test("takes no more into a piece than a piece holds")
    func fullPiece() {
        var hasher = PieceHasher()
        #expect(NaiveContent.bytes((1 << 20) + 9).withUnsafeBytes { hasher.update($0) } == 1 << 20)
        #expect(hasher.isFull)
        #expect([1].withUnsafeBytes { hasher.update($0) } == 0)
    }

    @Test("travels as 32 bytes a MiB and comes back", arguments: [0] + sizes)
    func wire(size: Int) throws {
        let layer = try layer(of: NaiveContent.bytes(size))
        #expect(layer.wire.count == 32 * max(1, (size + 1_048_575) >> 20))
        #expect(PieceLayer(wire: layer.wire, size: size, root: layer.root) == layer)
        #expect(PieceLayer(stored: layer.wire, size: size) == layer)
    }

    @Test("a layer that is not the root's own is refused", arguments: [1, 3 << 20, 5_242_887])
    func lies(size: Int) throws {
        let layer = try layer(of: NaiveContent.bytes(size))
        var flipped = layer.wire
        flipped[flipped.count - 1] ^= 1
        let wrong = [flipped, [], layer.wire.dropLast(), layer.wire + [0], layer.wire + Bytes(repeating: 0, count: 32)]
        for wire in wrong { #expect(PieceLayer(wire: wire, size: size, root: layer.root) == nil) }
        for size in [-1, Int.min, Int.max, size + 1 << 20] {
            #expect(PieceLayer(wire: layer.wire, size: size, root: layer.root) == nil)
        }
    }

    private func layer(of file: Bytes) throws -> PieceLayer {
        var hasher = ContentHasher()
        file.withUnsafeBytes { hasher.update($0) }
        return hasher.finish().layer
    }

    private func verifies(_ layer: PieceLayer, _ bytes: Bytes, _ piece: Int) -> Bool {
        bytes.withUnsafeBytes { layer.verifies($0, asPiece: piece) }
    }
}
