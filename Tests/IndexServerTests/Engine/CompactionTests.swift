import IndexServer
import P2PProtocol
import P2PRuntime
import Testing

/// A compaction goes in steps, and whatever happens between two of them is in what comes out.
@Suite struct CompactionTests {
    /// What happens in the middle.
    enum Change: CaseIterable {
        case nothing, addition, displacement, deletion, leaving, remembering, comingBack, comingFromOffline, proof
        case failure, partial, lostPartial, move, newcomer, replacement, revival, expiry
    }

    private static let later = Moment(nanoseconds: 1_000_000)
    private static let query = "mp3"

    /// Peers 1 to 3 are here, and 4 is remembered; most of what was known belonged to 5, who has left for good.
    private static func fixture() throws -> EngineFixture {
        var limits = Limits.standard
        limits.entriesPerStep = 1
        var index = EngineFixture(limits: limits)
        let files = try (0..<4).map { try EngineFixture.file("a \($0).mp3", 5, UInt64($0)) }
        _ = try index.registerProven(isMovable: true, sharing: files)
        _ = try index.registerProven(
            port: 9_002, sharing: [EngineFixture.file("b.mp3", 5, 2), EngineFixture.file("b again.mp3", 5, 2)])
        _ = try index.register(
            port: 9_003, sharing: [EngineFixture.file("c.mp3", 5, 3), EngineFixture.file("d.mp3", 5, 9)])
        _ = try index.engine.addPartial(EngineFixture.root(1), to: 2)
        let absent = try index.registerProven(port: 9_004, sharing: [EngineFixture.file("e.mp3", 5, 1)])
        index.engine.unregister(absent, rememberingUntil: later)
        let dead = try (0..<20).map { try EngineFixture.file("dead \($0).mp3", 5, UInt64(100 + $0)) }
        index.engine.unregister(try index.register(port: 9_005, sharing: dead))
        while index.engine.sweep() {}
        return index
    }

    private static func apply(_ change: Change, to index: inout EngineFixture) throws {
        switch change {
        case .nothing: break
        case .addition: _ = try index.engine.add([EngineFixture.file("new.mp3", 6, 50)], to: 2)
        case .displacement: _ = try index.engine.add([EngineFixture.file("a 0.mp3", 6, 50)], to: 1)
        case .deletion: _ = try index.engine.delete([EngineFixture.name("a 1.mp3")], from: 1)
        case .leaving: index.engine.unregister(1)
        case .remembering: index.engine.unregister(1, rememberingUntil: later)
        case .comingBack:
            index.engine.unregister(1)
            _ = try index.register(1, sharing: [EngineFixture.file("a 3.mp3", 5, 3)])
        case .comingFromOffline: _ = try index.register(4, port: 9_004, sharing: [EngineFixture.file("f.mp3", 5, 1)])
        case .proof: index.engine.markProven(3)
        case .failure: index.engine.markUnreachable(1)
        case .partial: _ = try index.engine.addPartial(EngineFixture.root(3), to: 2)
        case .lostPartial: _ = try index.engine.add([EngineFixture.file("whole.mp3", 5, 1)], to: 2)
        case .move: _ = try index.got(.root(EngineFixture.root(0)), from: 1, by: 2, .move)
        case .newcomer: _ = try index.registerProven(port: 9_006, sharing: [EngineFixture.file("n.mp3", 5, 60)])
        case .replacement: _ = try index.register(1, sharing: [EngineFixture.file("a 2.mp3", 5, 2)])
        case .revival: _ = try index.engine.add([EngineFixture.file("dead 7.mp3", 5, 107)], to: 2)
        case .expiry: index.engine.forgetExpired(now: later)
        }
    }

    /// All that can be asked, in words.
    private static func answers(_ index: inout EngineFixture) throws -> [String] {
        while index.engine.sweep() {}
        var lines: [String] = []
        for isOffline in [false, true] {
            let answer = try index.search(query, limit: 100, offline: isOffline)
            lines += ["total \(answer.total)"] + answer.lines
        }
        for peer in index.engine.dictionary(maxNamesPerPeer: .max) {
            lines.append("\(peer.key) \(peer.total) \(peer.names.map { String(decoding: $0, as: UTF8.self) })")
        }
        for root in UInt64(0)...9 { lines.append("\(try index.sources(.root(EngineFixture.root(root))))") }
        lines.append("\(index.engine.contentCount) \(index.engine.nameCount) \(index.engine.entryCount)")
        lines.append("\(index.engine.rememberedFiles)")
        return lines
    }

    @Test("nothing that changes while a compaction goes on is lost", arguments: Change.allCases)
    func following(_ change: Change) throws {
        var reference = try Self.fixture()
        try Self.apply(change, to: &reference)
        let expected = try Self.answers(&reference)
        var stepsBefore = 0
        var isOver = false
        while !isOver {
            var index = try Self.fixture()
            let begins = index.engine.beginCompactionIfWorthwhile(now: index.now, atLeast: 0)
            #expect(begins)
            for _ in 0..<stepsBefore where !isOver { isOver = !index.engine.stepCompaction() }
            try Self.apply(change, to: &index)
            #expect(try Self.answers(&index) == expected, "in the middle, after \(stepsBefore) steps")
            while index.engine.stepCompaction() {}
            #expect(try Self.answers(&index) == expected, "after \(stepsBefore) steps")
            try emptying(&index)
            stepsBefore += 1
        }
        #expect(stepsBefore > 15)
    }

    /// What was counted is counted back to nothing.
    private func emptying(_ index: inout EngineFixture) throws {
        for id in 1...6 { index.engine.unregister(id) }
        index.engine.forgetExpired(now: Self.later)
        while index.engine.sweep() {}
        #expect(try index.search(Self.query, offline: true).total == 0)
        #expect(index.engine.entryCount + index.engine.contentCount + index.engine.nameCount == 0)
        let now = Moment(nanoseconds: 1_000_000_000_000)
        _ = index.engine.compactIfWorthwhile(now: now, atLeast: 0)
        let isCompacted = index.engine.compactIfWorthwhile(now: now + .seconds(1_000), atLeast: 0)
        #expect(isCompacted)
    }

    @Test("a cursor from before a compaction goes on where it was, in its middle and after it")
    func cursors() throws {
        var index = try Self.fixture()
        let before = try index.search(Self.query, limit: 100)
        var lines: [String] = []
        var cursor: Bytes?
        let begins = index.engine.beginCompactionIfWorthwhile(now: index.now, atLeast: 0)
        #expect(begins)
        repeat {
            let page = try index.search(Self.query, limit: 1, cursor: cursor)
            lines += page.lines
            cursor = page.next == [UInt8(ascii: "0")] ? nil : page.next
            for _ in 0..<8 { _ = index.engine.stepCompaction() }
        } while cursor != nil
        #expect(lines == before.lines)
    }

    @Test("what grows faster than a compaction goes does not outrun it")
    func growth() throws {
        var index = try Self.fixture()
        let before = try index.search(Self.query).total
        let begins = index.engine.beginCompactionIfWorthwhile(now: index.now, atLeast: 0)
        #expect(begins)
        var rounds = 0
        while index.engine.stepCompaction(), rounds < 10 {
            let more = try (0..<50).map {
                try EngineFixture.file("\(rounds) \($0).mp3", 7, UInt64(1_000 * rounds + $0))
            }
            _ = try index.engine.add(more, to: 1)
            rounds += 1
        }
        #expect(rounds < 10)
        #expect(try index.search(Self.query).total == before + rounds * 50)
    }
}
