import Glibc
import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

@Suite struct ContentResourceTests {
    private static let content = noise(PieceGeometry.pieceBytes + 1_000, seed: 1)
    private static let hex = root(of: content).description

    private let fixture: ServingFixture

    init() async throws {
        fixture = try ServingFixture()
        try await fixture.share(["films/the end.mkv": Self.content])
    }

    @Test("serves the bytes under the name that the file has, or that the URL gives it")
    func whole() async throws {
        let plain = try await fixture.ask("GET /content/\(Self.hex)")
        #expect(plain.status == 200)
        #expect(try plain.body() == Self.content)
        #expect(plain.field("Content-Type") == "video/x-matroska")
        #expect(plain.field("Content-Disposition") == "inline; filename=\"the end.mkv\"")
        #expect(plain.field("ETag") == "\"\(Self.hex)\"")
        let named = try await fixture.ask("GET /content/\(Self.hex)/x.mp3")
        #expect(named.field("Content-Type") == "audio/mpeg")
        #expect(named.field("Content-Disposition") == "inline; filename=\"x.mp3\"")
    }

    @Test(
        "serves a part, or says why not",
        arguments: [
            ("Range: bytes=1000-1999", 206, 1_000), ("Range: bytes=-5", 206, 5), ("Range: bytes=99999999-", 416, 0),
            ("If-None-Match: \"\(hex)\"", 304, 0), ("If-Match: \"other\"", 412, 0),
        ])
    func parts(field: String, status: Int, count: Int) async throws {
        for resource in ["content", "pieces"] where resource == "content" || status != 206 {
            let answer = try await fixture.ask("GET /\(resource)/\(Self.hex)", field)
            #expect(answer.status == status)
            #expect(try answer.body().count == count)
        }
    }

    @Test("serves an empty file as nothing at all")
    func empty() async throws {
        try await fixture.share(["empty": []])
        let answer = try await fixture.ask("GET /content/\(root(of: Bytes()))")
        #expect(answer.status == 200)
        #expect(answer.field("Content-Length") == "0")
        #expect(try answer.body().isEmpty)
    }

    @Test("the piece layer leads to the root, and a part of it can be had", arguments: [0, 1, 1 << 20, 1 << 20 | 1])
    func pieces(size: Int) async throws {
        let content = noise(size, seed: 2)
        try await fixture.share(["other": content])
        let answer = try await fixture.ask("GET /pieces/\(root(of: content))")
        let wire = try answer.body()
        #expect(answer.field("Content-Type") == "application/octet-stream")
        #expect(answer.field("Content-Length") == "\(wire.count)")
        #expect(PieceLayer(wire: wire, size: size, root: root(of: content)) != nil)
        let part = try await fixture.ask("GET /pieces/\(root(of: content))", "Range: bytes=0-31")
        #expect(try part.body() == Bytes(wire[..<32]))
    }

    @Test("has every piece of what is shared", arguments: [(0, []), (1, [0x80]), (8, [0xFF]), (10, [0xFF, 0xC0])])
    func have(pieces: Int, bits: Bytes) async throws {
        let content = Bytes(repeating: 3, count: pieces << 20)
        try await fixture.share(["other": content])
        #expect(try await fixture.ask("GET /have/\(root(of: content))").body() == bits)
    }

    // MARK: Files that change

    @Test("[attack A57] a file that is replaced is served to its end, and not found from then on")
    func replaced() async throws {
        let answer = try await fixture.ask("GET /content/\(Self.hex)")
        try fixture.files.write("new", "something else")
        #expect(rename(fixture.path("new"), fixture.path("films/the end.mkv")) == 0)
        #expect(try answer.body() == Self.content)
        #expect(try await fixture.ask("GET /content/\(Self.hex)").status == 404)
        try await fixture.share([:])
        let fresh = try await fixture.ask("GET /content/\(root(of: "something else"))")
        #expect(fresh.text == "something else")
    }

    @Test("[attack A58] a file that is rewritten in place is another content")
    func rewritten() async throws {
        let other = noise(Self.content.count, seed: 4)
        try fixture.files.scratch.write("share/films/the end.mkv", other)
        #expect(try await fixture.ask("GET /content/\(Self.hex)").status == 404)
        try await fixture.share([:])
        #expect(try await fixture.ask("GET /content/\(root(of: other))").status == 200)
    }

    @Test("[attack A59] a drive that is away is a reason to come back, and the file is there again with it")
    func away() async throws {
        let (here, away) = (fixture.files.scratch.file("share"), fixture.files.scratch.file("away"))
        #expect(rename(here, away) == 0)
        let answer = try await fixture.ask("GET /content/\(Self.hex)")
        #expect(answer.status == 503)
        #expect(answer.field("Retry-After") == "30")
        #expect(rename(away, here) == 0)
        #expect(try await fixture.ask("GET /content/\(Self.hex)").status == 200)
    }

    @Test(
        "[attack A60] a file that is gone is not found, and no longer listed",
        arguments: ["removed", "a link", "a folder", "a pipe"])
    func gone(instead: String) async throws {
        let path = fixture.path("films/the end.mkv")
        unlink(path)
        switch instead {
        case "a link": #expect(symlink("/etc/passwd", path) == 0)
        case "a folder": #expect(mkdir(path, 0o755) == 0)
        case "a pipe": #expect(mkfifo(path, 0o644) == 0)
        default: break
        }
        #expect(try await fixture.ask("GET /content/\(Self.hex)").status == 404)
        #expect(fixture.library.count == 0)
    }

    @Test("another file with the same content takes the place of one that is gone")
    func twin() async throws {
        try await fixture.share(["films/twin.mkv": Self.content])
        unlink(fixture.path("films/the end.mkv"))
        let answer = try await fixture.ask("GET /content/\(Self.hex)")
        #expect(try answer.body() == Self.content)
        #expect(answer.field("Content-Disposition") == "inline; filename=\"twin.mkv\"")
    }
}
