import Glibc
import P2PProtocol
import TestSupport
import Testing

/// Heads that strangers send to a peer's port, and how slowly they do.
@Suite struct PeerHostileRequestTests {
    private static let content = Noise.bytes(1_000, seed: 1)

    private static func scene() throws -> PeerScene { try PeerScene(["song.bin": content]) }

    @Test("[attack A39] a head that two readers could take differently is refused, and the connection closed")
    func ambiguousHeads() throws {
        let scene = try Self.scene()
        let start = "GET /share.json HTTP/1.1\r\n"
        let host = "Host: x\r\n"
        let heads: [(String, Int)] = [
            (start + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
            (start + host + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", 400),
            (start + host + "Content-Length: +1\r\n\r\n", 400), (start + host + "Content-Length: -6\r\n\r\n", 400),
            (start + host + "Content-Length: 1,1\r\n\r\n", 400), (start + host + "Content-Length: 0x1\r\n\r\n", 400),
            (start + host + "Content-Length: 99999999999999999999\r\n\r\n", 413),
            (start + host + "Transfer-Encoding: xchunked\r\n\r\n", 400),
            (start + host + "Transfer-Encoding: chunked, identity\r\n\r\n", 400),
            (start + host + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", 501),
            ("GET /share.json HTTP/1.1\nHost: x\n\n", 400), (start + "Host: x\r\n folded\r\n\r\n", 400),
            (start + "Host : x\r\n\r\n", 400), (start + host + "A: b\0c\r\n\r\n", 400), (start + "\r\n", 400),
            (start + host + host + "\r\n", 400), ("GET /share.json HTTP/9.9\r\n" + host + "\r\n", 505),
            ("get /share.json HTTP/1.1\r\n" + host + "\r\n", 400), (" /share.json HTTP/1.1\r\n" + host + "\r\n", 400),
            ("GET  /share.json HTTP/1.1\r\n" + host + "\r\n", 400), (start + host + "no colon\r\n\r\n", 400),
            ("BREW /share.json HTTP/1.1\r\n" + host + "\r\n", 501), ("PING\r\n", 400), ("\u{16}\u{3}\u{1}", 0),
            (start + host + "Content-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", 415),
        ]
        for (head, status) in heads {
            let client = try WireClient(port: scene.peer.port)
            client.send(Bytes((head + "GET /metrics HTTP/1.1\r\nHost: smuggled\r\n\r\n").utf8))
            if status == 0 { client.finishWriting() }
            let answer = try #require(client.end(within: 15), "still open: \(head)")
            let text = String(decoding: answer, as: UTF8.self)
            #expect(status == 0 || text.hasPrefix("HTTP/1.1 \(status) "), "\(head) → \(text.prefix(80))")
            #expect(!text.contains("rookery_peer"), "the second request was answered: \(head)")
        }
        try scene.close()
    }

    @Test(
        "whoever speaks another protocol is told so at once",
        arguments: [
            "*2\r\n$5\r\nHELLO\r\n$1\r\n3\r\n", "SSH-2.0-OpenSSH_9\r\n", "PING\r\n", "\r\nhello",
        ])
    func otherProtocols(opening: String) throws {
        let scene = try Self.scene()
        let answer = try scene.peer.exchange(Bytes(opening.utf8), within: 5)
        #expect(answer.status == 400)
        #expect(try scene.peer.exchange(Bytes("\r\nGET /ping HTTP/1.0\r\n\r\n".utf8)).status == 200)
        try scene.close()
    }

    @Test("[attack A39] two requests in one write are each answered as themselves")
    func pipelined() throws {
        let scene = try Self.scene()
        let head = "GET /ping?nonce=1 HTTP/1.1\r\nHost: x\r\n\r\n"
        let last = "GET \(scene.target(Self.content)) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        let client = try WireClient(port: scene.peer.port)
        client.send(Bytes((head + last).utf8))
        let answers = try #require(client.end())
        #expect(Bytes(answers.suffix(1_000)).contentRoot == Self.content.contentRoot)
        #expect(String(decoding: answers, as: UTF8.self).components(of: "HTTP/1.1 200 OK\r\n") == 2)
        try scene.close()
    }

    @Test("[attack A40h] heads beyond the limits are refused")
    func largeHeads() throws {
        let scene = try Self.scene()
        let many = (0..<100_000).map { "F\($0): x" }.joined(separator: "\r\n")
        #expect(try scene.peer.ask("/", many).status == 431)
        #expect(try scene.peer.ask("/", "Cookie: " + String(repeating: "x", count: 80_000)).status == 431)
        #expect(try scene.peer.ask("/" + String(repeating: "x", count: 1_000_000)).status == 414)
        try scene.close()
    }

    @Test("[attack A41h] a file's name cannot add a field to an answer")
    func namesInFields() throws {
        let name = Bytes("a\r\nX-Evil: y\"\\.txt".utf8)
        let scene = try PeerScene([(name, Self.content)])
        for target in [scene.target(Self.content), scene.target(Self.content, "a%0d%0aX-Evil:%20y")] {
            let answer = try scene.peer.ask(target)
            #expect(answer.status == 200)
            #expect(answer.field("X-Evil") == nil, "\(answer.head)")
            #expect(answer.field("Content-Disposition")?.contains("X-Evil") == true, "\(answer.head)")
        }
        let page = String(decoding: try scene.peer.ask("/").body, as: UTF8.self)
        #expect(page.contains("a\\x0d\\x0aX-Evil: y"), "\(page)")
        try scene.close()
    }

    @Test(
        "[attack A42h] methods that are not for reading are refused with Allow, and TRACE repeats nothing",
        arguments: ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "CONNECT"])
    func methods(method: String) throws {
        let scene = try Self.scene()
        let answer = try scene.peer.ask(
            method == "CONNECT" ? "example.org:80" : scene.target(Self.content), method: method, "X-Secret: 1")
        #expect(answer.status == 405)
        #expect(answer.field("Allow") == "GET, HEAD")
        #expect(!String(decoding: answer.body, as: UTF8.self).contains("Secret"))
        try scene.close()
    }

    // MARK: Slowness

    @Test("[attack A38] half-sent heads by the hundred do not keep anybody waiting")
    func slowHeads() throws {
        let scene = try Self.scene()
        let slow = try (0..<300).map { _ in
            let client = try WireClient(port: scene.peer.port)
            client.send(Bytes("GET / HTTP/1.1\r\nHost: x\r\nA: ".utf8))
            return client
        }
        #expect(try scene.peer.ask(scene.target(Self.content)).body.contentRoot == Self.content.contentRoot)
        for client in slow { client.abort() }
        #expect(try scene.peer.ask(scene.target(Self.content)).body.contentRoot == Self.content.contentRoot)
        try scene.close()
    }

    @Test("[attack A38] a head that trickles in is given up after 10 s", .enabled(if: Tool.isLongRun))
    func slowloris() throws {
        let scene = try Self.scene()
        let client = try WireClient(port: scene.peer.port)
        client.send(Bytes("GET / HTTP/1.1\r\nHost: x\r\n".utf8))
        let begin = TestClock.now
        var answer: Bytes?
        while answer == nil, TestClock.now < begin + 14 {
            client.send(Bytes("A".utf8))
            answer = client.end(within: 1)
        }
        let text = String(decoding: try #require(answer), as: UTF8.self)
        #expect(text.isEmpty || text.hasPrefix("HTTP/1.1 408 "), "\(text)")
        #expect((9...12.5).contains(TestClock.now - begin))
        try scene.close()
    }
}

extension String {
    /// How often `part` is in it.
    fileprivate func components(of part: String) -> Int {
        var (count, rest) = (0, Array(utf8)[...])
        while rest.count >= part.utf8.count {
            if rest.starts(with: part.utf8) { count += 1 }
            rest = rest.dropFirst()
        }
        return count
    }
}
