import Glibc
import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

@Suite struct PeerServiceTests {
    private static let content = Bytes("hello world".utf8)
    private static let hex = root(of: content).description
    private static let unknown = String(repeating: "0", count: 64)

    private let fixture: ServingFixture

    init() async throws {
        fixture = try ServingFixture()
        try await fixture.share(["hello.txt": Self.content])
    }

    @Test(
        "each resource takes its own methods",
        arguments: [
            ("GET /", 200), ("HEAD /", 200), ("POST /", 405), ("GET /share.json", 200), ("HEAD /share.json", 200),
            ("GET /metrics", 200), ("GET /ping", 200), ("HEAD /ping", 200), ("DELETE /ping", 405),
            ("GET /ping?nonce=a", 503), ("GET /content/\(hex)", 200), ("HEAD /content/\(hex)/any%20name", 200),
            ("PUT /content/\(hex)", 405), ("GET /content/\(unknown)", 404), ("GET /pieces/\(hex)", 200),
            ("HEAD /pieces/\(hex)", 200), ("GET /pieces/\(unknown)", 404), ("GET /have/\(hex)", 200),
            ("GET /have/\(unknown)", 404), ("GET /handoff/\(hex)?taker=5@s", 405), ("POST /handoff/\(hex)", 400),
            ("POST /handoff/\(unknown)?taker=5@s", 404), ("GET /nothing", 404), ("OPTIONS /", 405),
            ("GET /%zz", 400), ("GET /?path=nothing", 404), ("GET /?cursor=x", 400),
            ("GET /share.json?cursor=123", 400),
            ("GET /share.json?cursor=0", 200), ("GET /share.json?path=hello.txt", 404),
        ])
    func routes(line: String, status: Int) async throws {
        let answer = try await fixture.ask(line)
        #expect(answer.status == status)
        #expect((answer.field("Allow") != nil) == (status == 405))
        #expect(answer.field("X-Content-Type-Options") == "nosniff")
    }

    @Test(
        "[attack A34] nothing but what is shared is served, however the path is written",
        arguments: [
            "/etc/passwd", "//etc/passwd", "///etc/passwd", "/../secret", "/..", "/../../../../../../etc/passwd",
            "/./secret", "/%2e%2e/secret", "/%2e%2e%2fsecret", "/%252e%252e%252fsecret", "/..%5csecret", "/..\\secret",
            "/%00", "/hello.txt", "/share/hello.txt", "/hello.txt%00", "/;/secret", "/\\secret",
            "/%c0%ae%c0%ae/secret", "/%e0%80%ae%e0%80%ae/secret", "/content/hello.txt", "/content/../secret",
            "/content/%2e%2e%2fsecret", "/content/\(hex)/..", "/content/\(hex)/../../secret",
            "/content/\(hex)/..%2f..%2fsecret", "/content/\(hex)/%2e%2e", "/content/\(hex)/a%00b",
            "/content/\(hex)%00", "/content/\(hex);", "/pieces/../secret", "/have/%2fetc%2fpasswd",
            "/?path=..", "/?path=/etc", "/?path=../", "/share.json?path=%2e%2e%2f", "/share.json?path=./",
            "/share.json?path=/", "/share.json?path=a//b", "/share.json?path=%00", "/file:///etc/passwd",
            "/state", "/hash.db", "/.rookery/state.db",
        ])
    func traversal(target: String) async throws {
        try fixture.files.scratch.write("secret", Bytes("secret".utf8))
        let answer = try await fixture.ask("GET \(target)")
        #expect(answer.status == 404)
        #expect(!answer.text.contains("secret") && !answer.text.contains("root:"))
    }

    @Test("pings without a nonce are for latency, with one for the proof of the port")
    func ping() async throws {
        #expect(try await fixture.ask("GET /ping").text == "pong\n")
        let server = try #require(ServerAddress("index:8888"))
        fixture.service.tokens.set(Bytes("token".utf8), of: server, at: ServingFixture.asker.address)
        let proof = try await fixture.ask("GET /ping?nonce=abc").body()
        #expect(PortProof.accepts(proof, token: Bytes("token".utf8), nonce: Bytes("abc".utf8)))
        #expect(proof.count == 64)
    }

    @Test("the metrics count what was sent and tell what is shared")
    func metrics() async throws {
        _ = try await fixture.ask("GET /content/\(Self.hex)", "Range: bytes=0-4").body()
        fixture.metrics.receivedBytes.add(7)
        let lines = try await fixture.ask("GET /metrics").text.split(separator: "\n")
        for line in [
            "rookery_peer_sent_bytes_total 5", "rookery_peer_received_bytes_total 7", "rookery_peer_files 1",
            "rookery_peer_shared_bytes 11", "rookery_peer_active_uploads 0", "rookery_peer_requests_total 2",
        ] {
            #expect(lines.contains(line[...]))
        }
    }

    @Test("[mission F3] the list of offered files is there on demand, a folder at a time")
    func shareList() async throws {
        try await fixture.share(["music/a/x.mp3": Self.content, "music/y.mp3": Bytes("y".utf8)])
        let top = try await fixture.ask("GET /share.json").text
        #expect(
            top == """
                {"path":"","total":2,"next":"0","entries":[{"name":"hello.txt","size":11,"root":"\(Self.hex)"},\
                {"name":"music/","size":12,"root":null}]}
                """)
        let folder = try JSON.parse(try await fixture.ask("GET /share.json?path=music").body())
        #expect(folder["path"]?.string == Bytes("music".utf8))
        #expect(folder["entries"]?.array?.map { $0.name() } == [Bytes("a/".utf8), Bytes("y.mp3".utf8)])
    }

    @Test("an answer that is under way counts as an upload until nobody sends it any more")
    func activeUploads() async throws {
        var answer: ServedAnswer? = try await fixture.ask("GET /content/\(Self.hex)")
        #expect(fixture.metrics.activeUploads.value == 1)
        #expect(answer?.status == 200)
        answer = nil
        #expect(fixture.metrics.activeUploads.value == 0)
        _ = try await fixture.ask("HEAD /content/\(Self.hex)")
        #expect(fixture.metrics.activeUploads.value == 0)
    }

    @Test("a disk that has too much to do is a reason to come back, not an error")
    func busy() async throws {
        fixture.disk.close()
        let answer = try await fixture.ask("GET /content/\(Self.hex)")
        #expect(answer.status == 503)
        #expect(answer.field("Retry-After") == "1")
    }

    @Test("[mission F2] [attack A26] the log says what was asked and what went where, and never a ticket")
    func log() async throws {
        let scratch = try ScratchFolder()
        let log = try Logger(level: .debug, file: Bytes(scratch.file("log").utf8), onStandardError: false)
        let fixture = try ServingFixture(log: log)
        try await fixture.share(["hello.txt": Self.content])
        for range in ["bytes=0-4", "bytes=5-10"] {
            let answer = try await fixture.ask("GET /content/\(Self.hex)?ticket=SECRETCANARY", "Range: \(range)")
            if range == "bytes=0-4" { #expect(try answer.body().count == 5) }
        }
        log.flush()
        let lines = String(decoding: try #require(ScratchFolder.read(scratch.file("log"))), as: UTF8.self)
        let asked = "http.request from=10.0.0.9:50000 method=GET path=/content/\(Self.hex) status=206"
        #expect(lines.split(separator: "\n").filter { $0.hasSuffix(asked) }.count == 2)
        #expect(lines.contains("info upload.done bytes=5 root=\(Self.hex) to=10.0.0.9:50000\n"))
        #expect(lines.contains("info upload.cut bytes=0 of=6 root=\(Self.hex) to=10.0.0.9:50000\n"))
        #expect(!lines.contains("SECRETCANARY"))
    }
}
