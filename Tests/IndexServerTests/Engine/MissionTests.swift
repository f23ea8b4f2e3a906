import IndexServer
import P2PProtocol
import Testing

@Suite struct MissionTests {
    @Test("[mission N1] the index keeps a dictionary: peer, host and port to the names it shares")
    func dictionary() throws {
        var index = EngineFixture()
        _ = try index.register(port: 9_001, sharing: EngineFixture.names(["162", "195"]))
        _ = try index.register(port: 9_002, sharing: EngineFixture.names(["195", "200"]))
        let lines = index.dictionary
        #expect(lines == ["1 9001: 162 195", "2 9002: 195 200"])
    }

    @Test("[mission N2] REG gives out the next integer id, from 1, never one twice")
    func ids() throws {
        var index = EngineFixture()
        let first = try index.register()
        let second = try index.register()
        index.engine.unregister(second)
        let third = try index.register()
        #expect([first, second, third] == [1, 2, 3])
    }

    @Test("[mission N3] SEARCH returns every peer that has the name; nothing found is an answer")
    func search() throws {
        var index = EngineFixture()
        _ = try index.register(sharing: EngineFixture.names(["162", "195"]))
        _ = try index.register(sharing: EngineFixture.names(["195"]))
        let found = try index.search("195")
        let missing = try index.search("999")
        #expect(found == .only("195 1,2"))
        #expect(missing == .only())
    }

    @Test("[mission N4] UPD GOT: a copy is with both, a move leaves the giver", arguments: [Ownership.copy, .move])
    func ownership(_ ownership: Ownership) throws {
        var index = EngineFixture()
        let giver = try index.register(port: 9_001, sharing: EngineFixture.names(["162", "195"]))
        let taker = try index.register(port: 9_002)
        let changed = try index.got(.name(EngineFixture.name("195")), from: giver, by: taker, ownership)
        let lines = index.dictionary
        #expect(changed == 1)
        #expect(lines == [ownership == .copy ? "1 9001: 162 195" : "1 9001: 162", "2 9002: 195"])
    }

    @Test("[mission N5] QUIT removes the peer's entry")
    func quit() throws {
        var index = EngineFixture()
        let id = try index.register(sharing: EngineFixture.names(["195"]))
        let wasThere = index.engine.unregister(id)
        let again = index.engine.unregister(id)
        let lines = index.dictionary
        let found = try index.search("195")
        #expect(wasThere)
        #expect(!again)
        #expect(lines.isEmpty)
        #expect(found == .only())
    }

    @Test(
        "[mission L4] [mission A2] CHECK knows a title by its path, its last component, and that without its extension",
        arguments: [
            ("Music/Calm Sea.mp3", true), ("calm sea.mp3", true), ("CALM SEA", true), ("calm", false),
            ("sea.mp3", false), ("music", false),
        ])
    func check(_ title: String, _ isKnown: Bool) throws {
        var index = EngineFixture()
        let id = try index.register(sharing: EngineFixture.names(["Music/Calm Sea.mp3"]))
        let answer = try index.check(title)
        index.engine.unregister(id)
        let afterwards = try index.check(title)
        #expect(answer == isKnown)
        #expect(!afterwards)
    }
}
