import IndexServer
import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

/// What is found after a restart of what was said of peers before.
@Suite struct ListJournalTests {
    @Test("a port that is proven before there is a list is proven when there is one")
    func provenFirst() async throws {
        let found = try await Self.restart { journal in
            journal.note(.replaced([], certificate: nil, isProven: false), of: 1)
            journal.note(.proven, of: 1)
            journal.note(.added(try EngineFixture.files(1)), of: 1)
            journal.note(.replaced(try EngineFixture.names(["a"]), certificate: nil, isProven: true), of: 2)
            journal.note(.added(try EngineFixture.files(1)), of: 2)
            journal.note(.replaced([], certificate: nil, isProven: false), of: 3)
            journal.note(.proven, of: 3)
            journal.note(.unreachable, of: 3)
            journal.note(.added(try EngineFixture.files(1)), of: 3)
            journal.note(.replaced([], certificate: nil, isProven: false), of: 4)
            journal.note(.proven, of: 4)
            journal.note(.left(Self.now), of: 4)
            journal.note(.replaced([], certificate: nil, isProven: false), of: 4)
            journal.note(.added(try EngineFixture.files(1)), of: 4)
        }
        #expect(found == ["0.mp3": [1, 2]])
    }

    @Test("the list of a peer whose port answers no longer is not remembered")
    func unreachable() async throws {
        let found = try await Self.restart { journal in
            for id in 1...3 {
                journal.note(.replaced(try EngineFixture.files(1), certificate: nil, isProven: true), of: id)
            }
            for id in 1...2 { journal.note(.unreachable, of: id) }
            journal.note(.left(Self.now), of: 1)
        }
        #expect(found == ["0.mp3": [3]])
    }

    @Test("what stands under a path counts, also where it is nothing that is remembered")
    func displaced() async throws {
        let found = try await Self.restart { journal in
            for id in 1...2 {
                journal.note(.replaced(try EngineFixture.files(6), certificate: nil, isProven: true), of: id)
            }
            let another = try EngineFixture.file("0.mp3", 9, nil)
            journal.note(.added([another]), of: 1)
            journal.note(.added(try EngineFixture.names(["1.mp3", "unheard of"])), of: 1)
            let (bare, whole) = (try EngineFixture.file("2.mp3", 9, nil), try EngineFixture.file("2.mp3", 9, 9))
            journal.note(.added([bare, whole]), of: 1)
            let (whole3, bare3) = (try EngineFixture.file("3.mp3", 9, 9), try EngineFixture.file("3.mp3", 9, nil))
            journal.note(.added([whole3, bare3]), of: 1)
            journal.note(.added([bare3, try EngineFixture.file("4.mp3", 9, 10)]), of: 1)
            journal.note(.replaced([whole3, bare3, whole], certificate: nil, isProven: true), of: 2)
        }
        #expect(found == ["2.mp3": [1, 2], "4.mp3": [1], "5.mp3": [1]])
    }

    @Test("a list that came in steps, with others between them, is whole in their order")
    func steps() async throws {
        let found = try await Self.restart { journal in
            journal.note(.replaced(try EngineFixture.files(1), certificate: nil, isProven: true), of: 1)
            journal.note(.replaced([], certificate: nil, isProven: true), of: 2)
            journal.note(.added(try EngineFixture.files(1, from: 1)), of: 1)
            journal.note(.added(try EngineFixture.files(1, from: 2)), of: 1)
            journal.note(.removed([try EngineFixture.name("1.mp3")]), of: 1)
            journal.note(.added(try EngineFixture.files(1, from: 1)), of: 2)
            journal.note(.added(try EngineFixture.files(1, from: 3)), of: 1)
        }
        #expect(found == ["0.mp3": [1], "1.mp3": [2], "2.mp3": [1], "3.mp3": [1]])
    }

    // MARK: -

    private static var now: Int { Int(WallClock.now.milliseconds) }

    /// The list that is read after all others, and so tells that they have been.
    private static let last = PeerID(1_000)

    /// Writes what happens, reads it again and says which names which peers have.
    private static func restart(_ happen: (ListJournal) throws -> Void) async throws -> [String: [PeerID]] {
        let scratch = try ScratchFolder()
        let path = Bytes(scratch.file("lists.sqlite").utf8)
        let first = journal(path)
        first.open(Recall(ReadersWriterLock(Engine())))
        let files = [try EngineFixture.file("last", 1, 1_000)]
        first.note(.replaced(files, certificate: nil, isProven: true), of: last)
        first.note(.left(now - 60_000), of: last)
        await first.settle()
        let second = journal(path)
        _ = try recalled(by: second)
        try happen(second)
        await second.settle()
        return try recalled(by: journal(path)).read { try find("mp3", $0) }
    }

    private static func journal(_ path: Bytes) -> ListJournal {
        ListJournal(path: path, capacity: 1_000, log: Logger(level: .error, sinks: [])) { _ in nil }
    }

    private static func recalled(by journal: ListJournal) throws -> ReadersWriterLock<Engine> {
        let engine = ReadersWriterLock(Engine())
        journal.open(Recall(engine))
        try TestClock.wait(for: "the last list") { try engine.read { try find("last", $0)["last"] == [last] } }
        return engine
    }

    private static func find(_ word: String, _ engine: borrowing Engine) throws -> [String: [PeerID]] {
        var search = try Search(
            Query.parse(Bytes(word.utf8)), for: .contents, page: Page(limit: 50, cursor: nil), includesOffline: true)
        while try !engine.advance(&search) {}
        var found: [String: [PeerID]] = [:]
        for content in search.page {
            let name = engine.withName(of: content) { String(decoding: Bytes($0), as: UTF8.self) }
            engine.forEachOfflineSource(of: content, limit: 64) { found[name, default: []].append($0.id) }
        }
        return found.mapValues { $0.sorted() }
    }
}
