import P2PProtocol
import TestSupport
import Testing

/// Peers that know their index by its certificate: all that they say to it and to each other is encrypted.
@Suite struct PeerEncryptionTests {
    private let scratch: ScratchFolder
    private let index: IndexFixture
    private let pinned: [String]

    init() throws {
        scratch = try ScratchFolder()
        index = try IndexFixture()
        pinned = ["--server", "127.0.0.1:\(index.port)#\(try index.fingerprint)"]
    }

    private func daemon(_ folder: String) throws -> PeerFixture {
        let peer = try PeerFixture("daemon", at: [], in: scratch.file(folder), pinned)
        try peer.process.expect("registered successfully with id ")
        return peer
    }

    @Test("a download from two peers goes over TLS, verified; the index has proven them by their certificates")
    func download() throws {
        let content = Noise.bytes((5 << 20) + 7, seed: 1)
        scratch.folder("a/small")
        scratch.folder("b")
        for folder in ["a", "b"] { try scratch.write("\(folder)/song.bin", content) }
        for number in 0..<100 { try scratch.write("a/small/\(number)", Noise.bytes(900, seed: UInt64(number) + 5)) }
        let (one, other) = (try daemon("a"), try daemon("b"))
        try index.wait(for: "PEERS") { peers in
            (peers.array ?? []).filter { $0["reachable"]?.integer == 1 && $0["cert"]?.bytes?.count == 64 }.count == 2
        }
        let taker = scratch.file("c")
        let result = try PeerFixture.run(["get", "song.bin", "--dir", taker] + pinned, in: taker)
        #expect(result.code == 0, "\(result.complaints)")
        #expect(ScratchFolder.root(of: "\(taker)/song.bin") == content.contentRoot)
        // Many small ones over few connections.
        let many = try PeerFixture.run(["get", "small", "--all", "--dir", taker] + pinned, in: taker)
        #expect(many.code == 0, "\(many.complaints)")
        #expect(ScratchFolder.list(taker).filter { Int($0) != nil }.count == 100)
        try one.stop()
        try other.stop()
        try index.stop()
    }

    @Test("curl fetches from a peer over TLS, in parts too", .enabled(if: Tool.curl.isInstalled))
    func curl() throws {
        let content = Noise.bytes((3 << 20) + 11, seed: 2)
        scratch.folder("a")
        try scratch.write("a/song.bin", content)
        let peer = try daemon("a")
        let url = "https://\(peer.address)/content/\(content.contentRoot)"
        try TestClock.wait(for: "the hash") { try peer.ask("/content/\(content.contentRoot)").status == 200 }
        let path = scratch.file("got")
        let flags = ["-sk", "--max-time", "60", "-o", path]
        #expect(try ChildProcess.run(Tool.curl.path, flags + [url]).code == 0)
        #expect(ScratchFolder.root(of: path) == content.contentRoot)
        let part = try ChildProcess.run(Tool.curl.path, flags + ["-r", "1000000-1000099", "-w", "%{http_code}", url])
        #expect(part.output == Bytes("206".utf8))
        #expect(ScratchFolder.read(path) == Bytes(content[1_000_000..<1_000_100]))
        try peer.stop()
        try index.stop()
    }

    @Test("[attack A86] an index with another certificate than the known one is not spoken to, and both are named")
    func stranger() throws {
        let fingerprint = try index.fingerprint
        let other = String(repeating: "0", count: 64)
        let result = try PeerFixture.run(
            ["search", "anything", "--server", "127.0.0.1:\(index.port)#\(other)"], in: scratch.path)
        #expect(result.code == 1)
        #expect(result.complaints.contains(fingerprint) && result.complaints.contains(other), "\(result.complaints)")
        try index.stop()
    }
}
