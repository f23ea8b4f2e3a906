import P2PProtocol
import TestSupport
import Testing

@Suite struct ContentHasherTests {
    /// Sizes around every edge, with the roots that libtorrent 2.0.8 gives the same bytes (for the empty file,
    /// which BEP 52 gives none, SHA-256 of nothing).
    static let vectors: [(size: Int, root: String)] = [
        (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (16_383, "095da957d179a83905896a0e30dc0ef31ecb8c3e796d899ab647fe6eb42bc5ea"),
        (16_384, "127c52d4afc9d4e335b94d914f75fbf75b5dc62e6dbd31c6d71c868fc23e5fe5"),
        (16_385, "ed50aa6f263172ac5097e54684d484dd9036bae3d7c729b4ede1bd2a125514fe"),
        (1_048_575, "8e9aa162fc57a31d5886baadaa495d0554c768f97040eb59cdfa7b7fd75d43a2"),
        (1_048_576, "e7110c5da27f597fbb7e037af66ae3b646c00006f38fd7cae1120b2877a5b14a"),
        (1_048_577, "a90957e6330872e102211e0218b2c9b12372a00674209550992ee3e554af1063"),
        (5_242_887, "a65df21989e4a738ef025aed7eacf720bf94f800456e11b17e7e3f1e7387f131"),
    ]

    @Test("gives the root that BitTorrent v2 tools give", arguments: vectors)
    func knownRoots(size: Int, root: String) {
        #expect(hashed(NaiveContent.bytes(size)).root.description == root)
    }

    @Test("agrees with the plain definition, root and layer", arguments: vectors.map(\.size) + [49_153, 3 << 20])
    func naive(size: Int) {
        let file = NaiveContent.bytes(size)
        let (root, layer) = hashed(file)
        #expect(root == NaiveContent.root(of: file))
        #expect(layer.pieces == NaiveContent.layer(of: file))
        #expect(layer.root == root)
        #expect(layer.geometry.size == size)
    }

    @Test("gives the same for portions of any size", arguments: 1...8)
    func splits(seed: UInt64) {
        var random = Seeded(seed: seed)
        let file = NaiveContent.bytes((2 << 20) + Int.random(in: 0..<100_000, using: &random))
        var hasher = ContentHasher()
        var start = 0
        while start < file.count {
            let end = min(file.count, start + Int.random(in: 0...[7, 20_000, 300_000][start % 3], using: &random))
            file[start..<end].withUnsafeBytes { hasher.update($0) }
            start = end
        }
        let portions = hasher.finish()
        let whole = hashed(file)
        #expect(portions.root == whole.root, "seed \(seed)")
        #expect(portions.layer == whole.layer, "seed \(seed)")
    }

    private func hashed(_ file: Bytes) -> (root: Digest, layer: PieceLayer) {
        var hasher = ContentHasher()
        file.withUnsafeBytes { hasher.update($0) }
        return hasher.finish()
    }
}
