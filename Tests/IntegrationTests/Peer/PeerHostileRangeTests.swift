import Glibc
import P2PProtocol
import TestSupport
import Testing

/// Ranges that strangers ask for.
@Suite struct PeerHostileRangeTests {
    private static let content = Noise.bytes(1_000, seed: 1)

    private static func scene() throws -> PeerScene { try PeerScene(["song.bin": content]) }

    private static let ranges: [(String, Int, Range<Int>)] = [
        ("bytes=5-2", 200, 0..<1_000), ("bytes=0-9223372036854775807", 206, 0..<1_000), ("bytes=-0", 416, 0..<0),
        ("bytes=-9223372036854775808", 206, 0..<1_000), ("bytes=9999999999999999999-", 416, 0..<0),
        ("bytes=0-0,-1", 200, 0..<1_000), ("bytes=a-b", 200, 0..<1_000), ("bytes 0-1", 200, 0..<1_000),
        ("items=0-1", 200, 0..<1_000), ("", 200, 0..<1_000), ("bytes=", 200, 0..<1_000), ("bytes=-", 200, 0..<1_000),
        ("bytes=--1", 200, 0..<1_000), ("bytes=+1-2", 200, 0..<1_000), ("bytes=0-0", 206, 0..<1),
        ("bytes=999-", 206, 999..<1_000), ("bytes=1000-", 416, 0..<0), ("bytes=1001-", 416, 0..<0),
        ("bytes=999-1000", 206, 999..<1_000), ("bytes=-1", 206, 999..<1_000), ("bytes=-1000", 206, 0..<1_000),
        ("bytes=-1001", 206, 0..<1_000), ("bytes=18446744073709551616-18446744073709551617", 416, 0..<0),
        ("bytes=0-18446744073709551616", 206, 0..<1_000),
        ("bytes=" + String(repeating: "9", count: 8_000), 200, 0..<1_000),
        ("bytes=" + Array(repeating: "0-", count: 1_300).joined(separator: ","), 200, 0..<1_000),
        ("bytes=" + Array(repeating: "1-1", count: 3_000).joined(separator: ","), 200, 0..<1_000),
    ]

    @Test("[attack A35] [attack A36] [attack A37] ranges of any kind are answered as RFC 9110 has it")
    func hostileRanges() throws {
        let scene = try Self.scene()
        for (range, status, part) in Self.ranges {
            let answer = try scene.peer.ask(scene.target(Self.content), "Range: \(range)")
            #expect(answer.status == status, "\(range.prefix(60))")
            #expect(answer.body.contentRoot == Bytes(Self.content[part]).contentRoot, "\(range.prefix(60))")
            #expect(answer.field("Content-Length") == "\(part.count)")
            let extent = status == 206 ? "bytes \(part.lowerBound)-\(part.upperBound - 1)/1000" : nil
            #expect(answer.field("Content-Range") == (status == 416 ? "bytes */1000" : extent), "\(range.prefix(60))")
        }
        let long = "Range: bytes=0-" + String(repeating: "9", count: 100_000)
        #expect(try scene.peer.ask(scene.target(Self.content), long).status == 431)
        try scene.close()
    }

    @Test("[attack A37] the ends of an empty file, and of one beyond 4 GiB")
    func largeAndEmpty() throws {
        // Its zeros take no disk; hashing them takes a while, so it is a little more than 4 GiB only in the long run.
        let size = Tool.isLongRun ? (6 << 30) + 5 : (64 << 20) + 5
        let scratch = try ScratchFolder()
        let index = try IndexFixture()
        scratch.folder("share")
        try scratch.write("share/empty", [])
        let path = try scratch.write("share/large", [])
        guard truncate(path, size) == 0 else { throw TestFailure("truncate: \(errno)") }
        let peer = try PeerFixture.daemon(at: index, in: scratch.file("share"))
        try index.expectHolders([1], of: "large", within: 120)
        let entries = try PeerScene.list(peer)
        let root = try #require(entries.first { $0.name() == Bytes("large".utf8) }?["root"]?.string)
        let target = "/content/\(String(decoding: root, as: UTF8.self))"
        for (range, extent) in [
            ("\(size - 1)-", "\(size - 1)-\(size - 1)"), ("\(size - 3)-\(size + 9)", "\(size - 3)-\(size - 1)"),
            ("-2", "\(size - 2)-\(size - 1)"), ("\(size / 2)-\(size / 2)", "\(size / 2)-\(size / 2)"),
        ] {
            let answer = try peer.ask(target, "Range: bytes=\(range)")
            #expect(answer.status == 206)
            #expect(answer.field("Content-Range") == "bytes \(extent)/\(size)")
        }
        #expect(try peer.ask(target, "Range: bytes=\(size)-").status == 416)
        let empty = try peer.ask("/content/\(Bytes().contentRoot)")
        #expect(empty.status == 200 && empty.field("Content-Length") == "0")
        try peer.stop()
        try index.stop()
    }
}
