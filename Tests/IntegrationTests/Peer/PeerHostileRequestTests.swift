import Glibc
import P2PProtocol
import TestSupport
import Testing

/// What strangers send to a peer's port.
@Suite struct PeerHostileRequestTests {
    private static let content = Noise.bytes(1_000, seed: 1)

    private static func scene() throws -> PeerScene { try PeerScene(["song.bin": content]) }

    // MARK: Paths

    /// Ways out of a folder, for every way to write them.
    private static let escapes: [String] = {
        let ups = [
            "..", "%2e%2e", "%2E.", ".%2e", "%252e%252e", "..;", "%c0%ae%c0%ae", "%uff0e%uff0e", "..%00", "....",
            "%e0%80%ae.",
        ]
        let slashes = ["/", "%2f", "%5c", "\\", "%252f", "//", "/./", "%c0%af"]
        return ups.flatMap { up in
            slashes.map { slash in Array(repeating: up, count: 8).joined(separator: slash) + slash }
        }
    }()

    private static let paths: [String] = {
        let absolute = [
            "/etc/passwd", "//etc/passwd", "///etc/passwd", "/%2fetc%2fpasswd", "/%2f/etc/passwd", "/etc%2fpasswd",
            "/./etc/passwd", "/etc/passwd%00.txt", "/etc/passwd%00", "/etc;/passwd", "/C:/Windows/win.ini",
            "/c:%5cwindows%5cwin.ini", "/%5c%5cserver%5cshare", "/file:///etc/passwd", "/~root/.profile", "/~/",
            "/proc/self/environ", "/dev/zero", "/.rookery/lock", "/.rookery/indexes.json", "/.rookery", "/song.bin",
            "/share.json/", "/share.json/..", "/content", "/content/", "/content/song.bin", "/pieces/", "/have/x",
            "/metrics/x", "/ping/", "/handoff/", "/$(id)", "/`id`", "/'%22", "/%0d%0aX-Evil:%20y", "/%n%s", "/-rf",
        ]
        return absolute + escapes.map { "/\($0)etc/passwd" }
            + escapes.map { "/content/\($0)etc/passwd" }
    }()

    @Test("[attack A34] no request names a path of the disk")
    func traversal() throws {
        let scene = try Self.scene()
        for path in Self.paths {
            let answer = try scene.peer.ask(path)
            // What is no target at all is refused before anything is looked up.
            let isBroken = path.contains("%u") || path.contains("%n")
            #expect(answer.status == (isBroken ? 400 : 404), "\(path): \(answer.head)")
            #expect(!String(decoding: answer.body, as: UTF8.self).contains("root:"), "\(path)")
        }
        // Behind a root stands only the name to save it under.
        for name in ["..%5c..%5cetc", "..%252f..%252fetc", "~", "C:", "..%c0%af"] {
            #expect(
                try scene.peer.ask(scene.target(Self.content, name)).body.contentRoot == Self.content.contentRoot,
                "\(name)")
        }
        for folder in ["..", "/", "/etc", "../..", ".rookery", "%2e%2e", "a/../..", "%00", "%ff"] {
            #expect(try scene.peer.ask("/share.json?path=\(folder)").status == 404, "\(folder)")
            #expect(try scene.peer.ask("/?path=\(folder)").status == 404, "\(folder)")
        }
        try scene.close()
    }

    @Test("[attack A34] curl does not get out either", .enabled(if: Tool.curl.isInstalled))
    func traversalByCurl() throws {
        let scene = try Self.scene()
        let paths = Self.paths.filter { !$0.contains("\\") }
        let urls = paths.map { "http://\(scene.peer.address)\($0)" }
        let result = try ChildProcess.run(
            Tool.curl.path,
            ["-sS", "-g", "--path-as-is", "-o", "/dev/null", "-w", "%{http_code}\\n"]
                + urls.flatMap { [$0, "-o", "/dev/null"] }.dropLast(2))
        let codes = String(decoding: result.output, as: UTF8.self).split(separator: "\n")
        #expect(codes.count == paths.count)
        for (code, path) in zip(codes, paths) { #expect(code == "404" || code == "400", "\(path)") }
        try scene.close()
    }

    // MARK: Ranges

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

    // MARK: Heads

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
            "*2\r\n$5\r\nHELLO\r\n$1\r\n3\r\n", "SSH-2.0-OpenSSH_9\r\n", "\u{16}\u{3}\u{1}", "PING\r\n", "\r\nhello",
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
