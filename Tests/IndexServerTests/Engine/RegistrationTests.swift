import IndexServer
import P2PProtocol
import P2PRuntime
import Testing

@Suite struct RegistrationTests {
    @Test("an explicit id must have been given out", arguments: [0, -1, 2, 1_000_000])
    func unknownID(_ id: PeerID) throws {
        var index = EngineFixture()
        _ = try index.register()
        let refusal = #expect(throws: Refusal.self) { _ = try index.register(id) }
        #expect(refusal == .unknownID)
        let next = try index.register()
        #expect(next == 2)
    }

    @Test("a second REG replaces that peer's list and port")
    func replacement() throws {
        var index = EngineFixture()
        let id = try index.register(port: 9_001, sharing: EngineFixture.names(["a", "b"]))
        _ = try index.register(id, port: 9_002, sharing: EngineFixture.names(["b", "c"]))
        let lines = index.dictionary
        #expect(lines == ["1 9002: b c"])
    }

    @Test("ids go on from what durable state remembers, and those below can be taken up again")
    func restart() throws {
        var engine = Engine(nextID: 7)
        let here = PeerDescription(host: .loopback, port: 9_001)
        let known = try engine.register(here, as: 3, sharing: [], now: Moment(nanoseconds: 0))
        let new = try engine.register(here, sharing: [], now: Moment(nanoseconds: 0))
        #expect(known == 3)
        #expect(new == 7)
    }

    @Test("FILES entries are hidden until the port is proven, NAMES entries never")
    func proof() throws {
        var index = EngineFixture()
        let files = try index.register(sharing: [EngineFixture.file("x/song.mp3", 10, 1)])
        _ = try index.register(sharing: EngineFixture.names(["song"]))
        let before = try (index.search("song"), index.list(), index.check("song.mp3"))
        index.engine.markProven(files)
        let after = try (index.search("song"), index.list(), index.check("song.mp3"))
        #expect(before == (.only("song 2"), .only("song"), false))
        #expect(after.0 == .only("x/song.mp3 1", "song 2"))
        #expect(after.1 == .only("x/song.mp3", "song"))
        #expect(after.2)
    }

    @Test("a proof holds for the host, port and certificate that it was made for", arguments: [9_001, 9_002])
    func proofOfOnePort(_ port: Int) throws {
        var index = EngineFixture()
        let list = [try EngineFixture.file("song", 10, 1)]
        let id = try index.registerProven(port: 9_001, sharing: list)
        _ = try index.register(id, port: port, sharing: list)
        let found = try index.search("song")
        #expect(found == (port == 9_001 ? .only("song 1") : .only()))
        #expect(index.engine.peer(id)?.reachability.isReachable == (port == 9_001 ? true : nil))
    }

    @Test("a peer cannot list more than the limit, the index not hold more than its own", arguments: [2, 3, 4])
    func limits(_ count: Int) throws {
        var limits = Limits.standard
        (limits.filesPerPeer, limits.filesInAll) = (3, 5)
        var index = EngineFixture(limits: limits)
        _ = try index.register(sharing: EngineFixture.names(["p", "q"]))
        let names = try EngineFixture.names((0..<count).map { "name \($0)" })
        let refusal = try? index.register(sharing: names)
        #expect((refusal == nil) == (count > 3))
        #expect(index.engine.entryCount == 2 + (count > 3 ? 0 : count))
        #expect(index.engine.nextID == (count > 3 ? 2 : 3))
    }

    @Test("PEERS tells names, bytes, idle time and reachability")
    func rows() throws {
        var index = EngineFixture()
        let id = try index.registerProven(
            sharing: [EngineFixture.file("a", 10, 1), EngineFixture.file("b", 5, nil)])
        let rows = index.engine.peerRows(now: Moment(nanoseconds: 3_000_000_000))
        #expect(rows.map(\.key.id) == [id])
        #expect(rows.map(\.files) == [2])
        #expect(rows.map(\.bytes) == [15])
        #expect(rows.map(\.idle) == [.seconds(3)])
        #expect(rows.map(\.reachability.isReachable) == [true])
    }

    @Test("[attack A18] roots and names that a stranger chose are spread and found like any others")
    func chosenKeys() throws {
        let roots = (0..<1_000 as Range<UInt64>).map { Digest(words: (1, $0, 0, 1)) }
        #expect(Set(roots.map(\.hashValue)).count > 990)
        var index = EngineFixture()
        let files = try roots.enumerated().map { number, root in
            FileEntry(
                name: try EngineFixture.name(number.isMultiple(of: 2) ? "aA \(number)" : "Aa \(number)"), size: 1,
                root: root)
        }
        let id = try index.registerProven(sharing: files)
        for root in roots {
            let sources = try index.sources(.root(root))
            #expect(sources == [id])
        }
        let all = try index.search("aa")
        #expect(all.total == 1_000)
    }
}
