import IndexServer
import P2PProtocol
import P2PRuntime
import Testing

/// Registrations whose lists come in steps.
@Suite struct ArrivingTests {
    private static let here = PeerDescription(host: .loopback, port: 9_001)
    private static let files = 40

    private static func list(from first: Int = 0) throws -> [FileEntry] {
        try EngineFixture.files(files, from: first) + EngineFixture.names(["bare \(first)"])
    }

    @Test("nobody sees a list before the last of it has come, and then all of it is there")
    func arriving() throws {
        var index = EngineFixture.inSmallSteps()
        let list = try Self.list()
        let arrival = try index.engine.beginArrival(Self.here, expecting: list.count, now: index.now)
        for start in list.indices {
            try index.engine.extend(arrival, by: list[start...start])
            #expect(index.engine.peerCount + index.engine.contentCount + index.engine.nameCount == 0)
            #expect(try index.search("mp3").total == 0)
            #expect(try index.search("bare").total == 0)
        }
        let id = index.engine.finish(arrival)
        #expect(index.engine.peer(id)?.files == list.count)
        while index.engine.sweep() {}
        #expect(try index.search("bare") == .only("bare 0 \(id)"))
        #expect(try index.search("mp3").total == 0)
        index.engine.markProven(id)
        while index.engine.sweep() {}
        #expect(try index.search("mp3").total == Self.files)
    }

    @Test("a list that replaces another does so in one moment, and keeps its peer's proof")
    func replacing() throws {
        var index = EngineFixture.inSmallSteps()
        let id = try index.registerProven(sharing: Self.list())
        while index.engine.sweep() {}
        index.engine.isWatched = true
        let list = try Self.list(from: 30)
        let arrival = try index.engine.beginArrival(Self.here, as: id, expecting: list.count, now: index.now)
        for start in list.indices {
            try index.engine.extend(arrival, by: list[start...start])
            #expect(try index.search("mp3").total == Self.files)
            #expect(try index.sources(.root(EngineFixture.root(60))) == [])
        }
        _ = index.engine.finish(arrival)
        #expect(try index.sources(.root(EngineFixture.root(60))) == [id])
        #expect(try index.sources(.root(EngineFixture.root(1))) == [])
        var found = 0
        repeat {
            #expect(try index.search("35.mp3") == .only("35.mp3 \(id)"))
            for case .found(let file) in index.engine.takeEvents() {
                #expect(!file.name.starts(with: Bytes("3".utf8)))
                found += 1
            }
        } while index.engine.sweep()
        #expect(found == 31)
        #expect(try index.search("*").total == list.count)
        #expect(index.engine.entryCount == list.count)
    }

    @Test("whoever does not finish leaves nothing behind", arguments: [0, 1, 30, 41])
    func abandoning(_ count: Int) throws {
        var index = EngineFixture.inSmallSteps()
        let id = try index.register(port: 9_002, sharing: EngineFixture.names(["old"]))
        let list = try Self.list()
        let arrival = try index.engine.beginArrival(Self.here, as: id, expecting: list.count, now: index.now)
        try index.engine.extend(arrival, by: list[..<count])
        index.engine.abandon(arrival)
        while index.engine.sweep() {}
        #expect(index.engine.entryCount == 1)
        #expect(index.dictionary == ["1 9002: old"])
        #expect(try index.search("*") == .only("old 1"))
        index.engine.unregister(id)
        let isCompacted = index.engine.compactIfWorthwhile(now: index.now + .seconds(1_000), atLeast: 0)
        #expect(isCompacted == (count > 1))
    }

    @Test("of two registrations of one id at a time the one that ends last stands")
    func meeting() throws {
        var index = EngineFixture.inSmallSteps()
        let id = try index.register()
        let (one, other) = (
            try index.engine.beginArrival(Self.here, as: id, expecting: 1, now: index.now),
            try index.engine.beginArrival(Self.here, as: id, expecting: 1, now: index.now)
        )
        try index.engine.extend(one, by: EngineFixture.names(["both"])[...])
        try index.engine.extend(other, by: EngineFixture.names(["both"])[...])
        _ = index.engine.finish(other)
        _ = index.engine.finish(one)
        while index.engine.sweep() {}
        #expect(index.dictionary == ["1 9001: both"])
        #expect(try index.search("both") == .only("both 1"))
        #expect(index.engine.entryCount == 1)
    }

    @Test("a compaction goes on beside a list that comes", arguments: 1...8)
    func compaction(_ stepsBetween: Int) throws {
        var index = EngineFixture.inSmallSteps()
        index.engine.unregister(try index.register(sharing: Self.list(from: 100)))
        while index.engine.sweep() {}
        let list = try Self.list()
        let arrival = try index.engine.beginArrival(Self.here, expecting: list.count, now: index.now)
        try index.engine.extend(arrival, by: list[..<5])
        let begins = index.engine.beginCompactionIfWorthwhile(now: index.now, atLeast: 0)
        #expect(begins)
        for start in 5..<list.count {
            try index.engine.extend(arrival, by: list[start...start])
            if start.isMultiple(of: stepsBetween) { _ = index.engine.stepCompaction() }
        }
        let id = index.engine.finish(arrival)
        index.engine.markProven(id)
        while index.engine.stepCompaction() {}
        while index.engine.sweep() {}
        #expect(try index.search("*").total == list.count)
        index.engine.unregister(id)
        while index.engine.sweep() {}
        #expect(index.engine.contentCount + index.engine.nameCount + index.engine.entryCount == 0)
    }
}
