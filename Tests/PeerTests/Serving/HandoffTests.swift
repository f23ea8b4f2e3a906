import Glibc
import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

@Suite struct HandoffTests {
    private static let content = Bytes("the only copy".utf8)
    private static let hex = root(of: content).description
    private static let line = "POST /handoff/\(hex)?taker=5@index:8888"

    private static func fixture(
        _ ownership: Ownership = .move, _ verdict: HandoffVerdict = .settled
    ) async throws -> ServingFixture {
        let fixture = try unread(ownership, verdict)
        try await fixture.share(["books/book.txt": content, "other.txt": Bytes("other".utf8)])
        return fixture
    }

    /// One whose library has not looked at its folder yet.
    private static func unread(
        _ ownership: Ownership = .move, _ verdict: HandoffVerdict = .settled
    ) throws -> ServingFixture {
        try ServingFixture(ownership: ownership) { root, taker in
            let isAsked = root.description == hex && taker == HandoffTaker(id: 5, server: Bytes("index:8888".utf8))
            return isAsked ? verdict : .notYet
        }
    }

    private static func handedOff(_ fixture: ServingFixture) -> [String] {
        ScratchFolder.list(fixture.files.scratch.file("state/handed-off")).filter { !$0.hasPrefix(".") }
    }

    @Test(
        "a content changes hands when the giver consents and the index says so",
        arguments: [
            (.move, .settled, 204), (.move, .notYet, 409), (.move, .unknown, 503),
            (.copy, .settled, 403), (.copy, .notYet, 403), (.copy, .unknown, 403),
        ] as [(Ownership, HandoffVerdict, Int)])
    func states(ownership: Ownership, verdict: HandoffVerdict, status: Int) async throws {
        let fixture = try await Self.fixture(ownership, verdict)
        #expect(try await fixture.ask(Self.line).status == status)
        let isOut = status == 204
        #expect(ScratchFolder.exists(fixture.path("books/book.txt")) == !isOut)
        #expect(Self.handedOff(fixture) == (isOut ? ["book.txt"] : []))
        #expect(fixture.files.names == (isOut ? ["other.txt"] : ["books/book.txt", "other.txt"]))
        #expect(try await fixture.ask("GET /content/\(Self.hex)").status == (isOut ? 404 : 200))
        // Asked again, the answer is the same, and nothing more happens.
        #expect(try await fixture.ask(Self.line).status == status)
        #expect(Self.handedOff(fixture) == (isOut ? ["book.txt"] : []))
    }

    @Test("nothing is deleted: the bytes lie beside the state")
    func kept() async throws {
        let fixture = try await Self.fixture()
        let answer = try await fixture.ask(Self.line)
        #expect(try answer.body().isEmpty && answer.field("Content-Length") == nil)
        let kept = fixture.files.scratch.file("state/handed-off/book.txt")
        #expect(ScratchFolder.read(kept) == Self.content)
    }

    @Test("what was never here is not found")
    func unknown() async throws {
        let fixture = try await Self.fixture()
        let never = root(of: Bytes("never".utf8))
        #expect(try await fixture.ask("POST /handoff/\(never)?taker=5@index:8888").status == 404)
    }

    @Test("the index's word is needed for this taker and this content")
    func otherTaker() async throws {
        let fixture = try await Self.fixture()
        #expect(try await fixture.ask("POST /handoff/\(Self.hex)?taker=6@index:8888").status == 409)
        #expect(try await fixture.ask("POST /handoff/\(Self.hex)?taker=5@elsewhere:8888").status == 409)
    }

    @Test("every file with the content goes, each under a name of its own")
    func namesakes() async throws {
        let fixture = try await Self.fixture()
        fixture.files.scratch.folder("state/handed-off")
        try fixture.files.scratch.write("state/handed-off/book.txt", Bytes("older".utf8))
        try await fixture.share(["again/book.txt": Self.content, "again/other.txt": Self.content])
        #expect(try await fixture.ask(Self.line).status == 204)
        #expect(Self.handedOff(fixture) == ["book (2).txt", "book (3).txt", "book.txt", "other.txt"])
        let older = fixture.files.scratch.file("state/handed-off/book.txt")
        #expect(ScratchFolder.read(older) == Bytes("older".utf8))
        #expect(fixture.files.names == ["other.txt"])
    }

    @Test("a file that came back is asked about anew")
    func cameBack() async throws {
        let fixture = try await Self.fixture()
        #expect(try await fixture.ask(Self.line).status == 204)
        try await fixture.share(["back.txt": Self.content])
        #expect(try await fixture.ask("POST /handoff/\(Self.hex)?taker=6@index:8888").status == 409)
        #expect(try await fixture.ask("GET /content/\(Self.hex)").status == 200)
    }

    @Test("a file that has changed since is another content, and stays")
    func changed() async throws {
        let fixture = try await Self.fixture()
        try fixture.files.write("books/book.txt", "rewritten by its owner")
        #expect(try await fixture.ask(Self.line).status == 204)
        #expect(ScratchFolder.exists(fixture.path("books/book.txt")))
        #expect(Self.handedOff(fixture).isEmpty)
    }

    @Test("a crash after the marker and before the move is made good by the next request")
    func interrupted() async throws {
        let fixture = try await Self.fixture()
        fixture.files.scratch.folder("state/handed-off/.roots")
        try fixture.files.scratch.write("state/handed-off/.roots/\(Self.hex)", [])
        #expect(try await fixture.ask(Self.line).status == 204)
        #expect(Self.handedOff(fixture) == ["book.txt"])
    }

    @Test("a giver that has just started does not say of a file that it is gone before it has looked")
    func started() async throws {
        let fixture = try Self.unread()
        fixture.files.scratch.folder("state/handed-off/.roots")
        try fixture.files.scratch.write("state/handed-off/.roots/\(Self.hex)", [])
        try fixture.files.scratch.write("share/book.txt", Self.content)
        #expect(try await fixture.ask(Self.line).status == 503)
        try await fixture.share([:])
        #expect(try await fixture.ask(Self.line).status == 204)
        #expect(Self.handedOff(fixture) == ["book.txt"])
        #expect(try await fixture.ask(Self.line).status == 204)
    }

    @Test("[attack A59] a file on a drive that is away is not given up for moved")
    func away() async throws {
        let fixture = try await Self.fixture()
        let (here, away) = (fixture.files.scratch.file("share"), fixture.files.scratch.file("away"))
        #expect(rename(here, away) == 0)
        #expect(try await fixture.ask(Self.line).status == 503)
        #expect(rename(away, here) == 0)
        #expect(try await fixture.ask(Self.line).status == 204)
        #expect(Self.handedOff(fixture) == ["book.txt"])
    }

    @Test("a share on another file system keeps what is handed off in a hidden folder of its own")
    func otherFileSystem() async throws {
        // The machine's memory file system, where there is one, is another than that of the scratch folder.
        let shared = "/dev/shm/rookery-test-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        guard mkdir(shared, 0o755) == 0 else { return }
        let scratch = try ScratchFolder()
        defer {
            for name in ["/.handed-off/file", "/file"] { unlink(shared + name) }
            for name in ["/.handed-off", ""] { rmdir(shared + name) }
        }
        guard let file = fopen(shared + "/file", "w") else { return }
        fclose(file)
        let library = Library([SharedFolder(Bytes(shared.utf8), naming: .bare)])
        let root = root(of: Bytes())
        #expect(try library.add(Bytes("file".utf8), folder: 0, root: root) != nil)
        let folder = HandedOffFolder(in: Bytes(scratch.path.utf8))
        #expect(try folder.take(root, from: library))
        #expect(library.count == 0)
        #expect(folder.remembers(root))
        let kept = [shared + "/.handed-off/file", scratch.file("handed-off/file")].filter(ScratchFolder.exists)
        #expect(kept.count == 1)
    }
}
