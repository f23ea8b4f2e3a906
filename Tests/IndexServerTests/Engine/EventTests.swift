import IndexServer
import P2PProtocol
import P2PRuntime
import Testing

@Suite struct EventTests {
    /// The names that are told as found, after what a change returned.
    private static func found(_ events: [EngineEvent]) -> [String] {
        events.compactMap { event in
            guard case .found(let file) = event else { return nil }
            return String(decoding: file.name, as: UTF8.self)
        }
    }

    @Test("found is told when live sources go from none to one, and not for the second")
    func firstSource() throws {
        var index = EngineFixture()
        index.engine.isWatched = true
        let list = [try EngineFixture.file("song", 1, 1), try EngineFixture.file("raw", 1, nil)]
        let first = try index.register(sharing: list)
        let hidden = Self.found(index.engine.takeEvents())
        index.engine.markProven(first)
        let proven = Self.found(index.engine.takeEvents())
        let second = try index.registerProven(sharing: list)
        let again = Self.found(index.engine.takeEvents())
        index.engine.unregister(first)
        index.engine.unregister(second)
        _ = try index.registerProven(sharing: list)
        let anew = Self.found(index.engine.takeEvents())
        #expect(hidden.isEmpty)
        #expect(proven == ["song"])
        #expect(again.isEmpty)
        #expect(anew == ["song"])
    }

    @Test("what was already there is not found again by a second REG, a rename, or a move")
    func neverGone() throws {
        var index = EngineFixture()
        let giver = try index.registerProven(isMovable: true, sharing: [EngineFixture.file("song", 1, 1)])
        let taker = try index.registerProven(sharing: [])
        index.engine.isWatched = true
        _ = try index.register(giver, isMovable: true, sharing: [EngineFixture.file("song", 1, 1)])
        _ = try index.engine.add([EngineFixture.file("song", 1, 2), EngineFixture.file("tune", 1, 1)], to: giver)
        _ = try index.got(.root(EngineFixture.root(1)), from: giver, by: taker, .move)
        let events = Self.found(index.engine.takeEvents())
        #expect(events == ["song"])
        let sources = try index.sources(.root(EngineFixture.root(2)))
        #expect(sources == [giver])
    }

    @Test("peers join and leave")
    func peers() throws {
        var index = EngineFixture()
        index.engine.isWatched = true
        let id = try index.register()
        _ = try index.register(id)
        index.engine.unregister(id)
        let key = PeerKey(id: 1, host: .loopback, port: 9_001)
        let events = index.engine.takeEvents()
        #expect(events == [.joined(key), .left(key)])
    }

    @Test("nothing is collected while nobody is subscribed")
    func unwatched() throws {
        var index = EngineFixture()
        _ = try index.register(sharing: EngineFixture.names(["song"]))
        let events = index.engine.takeEvents()
        #expect(events.isEmpty)
    }

    @Test(
        "a subscriber hears of what its query finds, on the channel that it typed",
        arguments: [("calm", true), ("CALM sea", true), ("storm", false), ("size:5", true), ("peer:3", true)])
    func subscriptions(_ text: String, _ isTold: Bool) throws {
        var table = SubscriptionTable()
        let channel = Bytes("search:\(text)".utf8)
        let query = try Query.parse(Bytes(text.utf8))
        let isNew = try table.subscribe(8, to: channel, query)
        let isTwice = try table.subscribe(8, to: channel, query)
        let other = try Query.parse(Bytes(ascii: "nothing"))
        try table.subscribe(9, to: Bytes(ascii: "search:nothing else"), other)
        let file = FoundFile(
            name: Bytes(ascii: "Calm Sea.mp3"), size: 5, root: EngineFixture.root(1),
            source: PeerKey(id: 3, host: .loopback, port: 9_001))
        var told: [Int] = []
        table.forEachMatch(file) { subscriber, on in
            told.append(subscriber)
            #expect(on == channel)
        }
        #expect(isNew && !isTwice)
        #expect(told == (isTold ? [8] : []))
        let ended = table.removeAll(of: 8)
        let isGone = !table.unsubscribe(8, from: channel)
        let isOver = table.unsubscribe(9, from: Bytes(ascii: "search:nothing else"))
        #expect(ended == [channel])
        #expect(isGone && isOver && table.isEmpty)
    }
}
