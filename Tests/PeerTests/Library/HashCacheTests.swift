import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

@Suite struct HashCacheTests {
    private let scratch: ScratchFolder
    private var path: Bytes { Bytes(scratch.file("hash.db").utf8) }

    init() throws { scratch = try ScratchFolder() }

    private func hashed(_ identity: FileIdentity, seed: UInt8 = 0) -> HashedFile {
        var hasher = ContentHasher()
        Bytes(repeating: seed, count: identity.size).withUnsafeBytes { hasher.update($0) }
        let (root, layer) = hasher.finish()
        return HashedFile(identity: identity, root: root, layer: layer)
    }

    @Test(
        "keeps root and layer over a restart, whatever numbers identify the file",
        arguments: [
            FileIdentity(device: 1, inode: 2, size: 0, modified: 3),
            FileIdentity(device: .max, inode: .max, size: 1 << 20, modified: .min),
            FileIdentity(device: 0, inode: 0, size: (3 << 20) + 5, modified: .max),
        ])
    func keeps(identity: FileIdentity) async throws {
        let file = hashed(identity)
        try await HashCache(path).keep([file])
        let cache = try HashCache(path)
        #expect(try await cache.roots(of: [identity]) == [identity: file.root])
        #expect(try await cache.layer(of: identity) == file.layer)
    }

    @Test("knows nothing of a file whose device, inode, size or date is another")
    func others() async throws {
        let cache = try HashCache(path)
        try await cache.keep([hashed(FileIdentity(device: 1, inode: 2, size: 3, modified: 4))])
        let others = [(9, 2, 3, 4), (1, 9, 3, 4), (1, 2, 9, 4), (1, 2, 3, 9)].map { numbers in
            FileIdentity(device: numbers.0, inode: numbers.1, size: numbers.2, modified: numbers.3)
        }
        #expect(try await cache.roots(of: others).isEmpty)
        for other in others { #expect(try await cache.layer(of: other) == nil) }
    }

    @Test("a file's newest state takes the place of its older one")
    func replaces() async throws {
        let cache = try HashCache(path)
        let old = FileIdentity(device: 1, inode: 2, size: 3, modified: 4)
        let new = FileIdentity(device: 1, inode: 2, size: 3, modified: 5)
        try await cache.keep([hashed(old)])
        try await cache.keep([hashed(new, seed: 1)])
        #expect(try await cache.roots(of: [old, new]) == [new: hashed(new, seed: 1).root])
    }

    @Test("[fault F12] a damaged cache is set aside and begun anew")
    func damaged() async throws {
        try scratch.write("hash.db", Bytes(repeating: 0x55, count: 5_000))
        let cache = try HashCache(path)
        #expect(cache.setAside == path + Bytes(".corrupt-1".utf8))
        let identity = FileIdentity(device: 1, inode: 2, size: 3, modified: 4)
        try await cache.keep([hashed(identity)])
        #expect(try await cache.roots(of: [identity]).count == 1)
    }
}
