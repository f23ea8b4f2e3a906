import IndexServer
import P2PProtocol
import Testing

@Suite struct OwnershipTests {
    private static let root = ContentReference.root(EngineFixture.root(1))

    @Test("a move of files needs the giver's consent, one of bare names does not")
    func consent() throws {
        var index = EngineFixture()
        let list = [try EngineFixture.file("song", 1, 1)]
        let keeper = try index.registerProven(sharing: list)
        let lender = try index.registerProven(isMovable: true, sharing: list)
        let taker = try index.registerProven(sharing: [])
        let refusal = #expect(throws: Refusal.self) { _ = try index.got(Self.root, from: keeper, by: taker, .move) }
        let moved = try index.got(Self.root, from: lender, by: taker, .move)
        let sources = try index.sources(Self.root)
        #expect(refusal?.wireError(for: "UPD GOT").prefix == "NOPERM")
        #expect(moved == 1)
        #expect(sources == [keeper, taker])
    }

    @Test("a move takes every name that the giver has for the content, and repeating it is harmless")
    func repeatedMove() throws {
        var index = EngineFixture()
        let giver = try index.registerProven(
            isMovable: true, sharing: [EngineFixture.file("x/a", 1, 1), EngineFixture.file("b", 1, 1)])
        let taker = try index.registerProven(port: 9_002, sharing: [])
        let first = try index.got(Self.root, from: giver, by: taker, as: "mine", .move)
        let second = try index.got(Self.root, from: giver, by: taker, as: "mine", .move)
        let lines = index.dictionary
        #expect([first, second] == [1, 0])
        #expect(lines == ["1 9001: ", "2 9002: mine"])
    }

    @Test("a copy works when the giver has left, for files and for bare names")
    func giverHasLeft() throws {
        var index = EngineFixture()
        let files = try index.registerProven(sharing: [EngineFixture.file("x/song", 1, 1)])
        let names = try index.register(sharing: EngineFixture.names(["195"]))
        let taker = try index.register(port: 9_002)
        index.engine.unregister(files)
        index.engine.unregister(names)
        let copied = try index.got(Self.root, from: files, by: taker)
        let named = try index.got(.name(EngineFixture.name("195")), from: names, by: taker)
        let moved = try index.got(Self.root, from: files, by: taker, .move)
        let lines = index.dictionary
        #expect([copied, named, moved] == [1, 1, 0])
        #expect(lines == ["3 9002: 195 song"])
    }

    @Test("who keeps lists elsewhere hears what a copy displaces, too")
    func handovers() throws {
        var index = EngineFixture()
        let giver = try index.registerProven(
            sharing: [EngineFixture.file("song", 1, 1), EngineFixture.file("draft", 1, nil)])
        let taker = try index.registerProven(port: 9_002, sharing: [EngineFixture.file("mine", 2, 2)])
        _ = try index.got(.name(EngineFixture.name("draft")), from: giver, by: taker, as: "mine")
        _ = try index.got(Self.root, from: giver, by: taker, as: "mine")
        let told = index.engine.takeHandovers().map { handover in
            switch handover.change {
            case .took(let entry): "\(handover.peer) took \(entry.name)"
            case .gave(let path): "\(handover.peer) gave \(path)"
            }
        }
        #expect(told == ["2 gave mine", "2 took mine"])
    }

    @Test("what the index does not know changes nothing", arguments: [Ownership.copy, .move])
    func unknown(_ ownership: Ownership) throws {
        var index = EngineFixture()
        let giver = try index.register(isMovable: true)
        let taker = try index.register()
        let byRoot = try index.got(Self.root, from: giver, by: taker, ownership)
        let byName = try index.got(.name(EngineFixture.name("195")), from: giver, by: taker, ownership)
        #expect([byRoot, byName] == [0, 0])
    }

    @Test("AS says the path; otherwise it is the last component of the giver's", arguments: [nil, "mine/tune"])
    func path(_ path: String?) throws {
        var index = EngineFixture()
        let giver = try index.registerProven(sharing: [EngineFixture.file("x/y/song", 1, 1)])
        let taker = try index.register(port: 9_002)
        _ = try index.got(Self.root, from: giver, by: taker, as: path)
        let lines = index.dictionary
        #expect(lines == ["1 9001: x/y/song", "2 9002: \(path ?? "song")"])
    }

    @Test("PARTIAL makes a source that owns nothing; GOT replaces it, DEL of the root withdraws it")
    func partial() throws {
        var index = EngineFixture()
        _ = try index.registerProven(sharing: [EngineFixture.file("song", 1, 1)])
        let taker = try index.registerProven(port: 9_002, sharing: [])
        func flags() throws -> [Bool] {
            try index.engine.sources(of: Self.root).map(\.isPartial)
        }
        let root = EngineFixture.root(1)
        let unknown = try index.engine.addPartial(EngineFixture.root(9), to: taker)
        let added = try index.engine.addPartial(root, to: taker)
        #expect(try flags() == [false, true])
        #expect(index.engine.peer(taker)?.files == 0)
        let withdrawn = try index.engine.delete(
            [EngineFixture.name(String(decoding: root.hex, as: UTF8.self))], from: taker)
        #expect(try flags() == [false])
        let again = try index.engine.addPartial(root, to: taker)
        _ = try index.got(Self.root, from: 1, by: taker)
        #expect(try flags() == [false, false])
        let late = try index.engine.addPartial(root, to: taker)
        #expect([unknown, added, withdrawn, again, late] == [0, 1, 1, 1, 0])
    }

    @Test("one root under two sizes is two contents, and SOURCES of the root names both their sources")
    func falseSize() throws {
        var index = EngineFixture()
        for size in [5, 6, 6] { _ = try index.registerProven(sharing: [EngineFixture.file("song", size, 1)]) }
        let found = try index.search("song")
        let sources = try index.sources(Self.root)
        #expect(found == .only("song 1", "song 2,3"))
        #expect(sources == [1, 2, 3])
    }

    @Test("a peer that is not registered is told so")
    func notRegistered() throws {
        var index = EngineFixture()
        #expect(throws: Refusal.notRegistered) { _ = try index.got(Self.root, from: 1, by: 1) }
        #expect(throws: Refusal.notRegistered) { _ = try index.engine.add([], to: 1) }
        #expect(throws: Refusal.notRegistered) { _ = try index.engine.delete([], from: 1) }
        #expect(throws: Refusal.notRegistered) { _ = try index.engine.addPartial(EngineFixture.root(1), to: 1) }
        #expect(throws: Refusal.noSuchPeer(1)) { _ = try index.engine.browse(1, page: Page()) }
    }
}
