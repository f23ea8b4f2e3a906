import IndexServer
import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

/// Recalled lists are found before they are in the inverted index, and by the same answers.
@Suite struct CatchingUpTests {
    private static let later = Moment(nanoseconds: 1_000)
    private static let texts = [
        "Calm Sea.mp3", "music/Calm Sea.mp3", "calm.mp3", "calm", "The calm before the storm.flac", "sea calm.ogg",
        "Ålesund calm.mp3", "Calmness.mp3", "storm.mp3", "sea/storm and calm.mp3", "calm sea.mp3", "海 calm.mp3",
    ]
    private static let queries = [
        "calm", "calm sea", "\"calm sea\"", "cal*", "*", "calm -sea", "name:\"calm\"", "name:\"calm sea\"",
        "ext:mp3", "calm ext:flac,ogg", "size:>6", "calm size:>6", "peer:9", "calm peer:9", "calm -peer:9", "海",
        "ålesund",
        "calm.mp3", "missing", "calm missing", "-\"calm sea\" calm", "storm",
        "root:0100000000000000000000000000000000000000000000000000000000000000",
    ]

    /// Half of the files are recalled; then a peer is here that lists some of them, and others.
    private static func fixture() throws -> EngineFixture {
        var index = EngineFixture(nextID: 9)
        _ = try index.register(port: 9_002, sharing: EngineFixture.names(["calm", "here first calm"]))
        let recalled = try (0..<texts.count).map { try EngineFixture.file(texts[$0], 1 + $0, UInt64(1 + $0 / 2)) }
        for (id, list) in [(1, recalled[...]), (2, recalled[4...])] {
            let isWanted = index.engine.recall(id, certificate: nil, until: later, now: index.now)
            let isTaken = index.engine.recall(list, of: id)
            #expect(isWanted && isTaken)
            index.engine.finishRecall(id)
        }
        _ = try index.registerProven(
            port: 9_003, sharing: Array(recalled[..<6]) + [EngineFixture.file("new calm sea.mp3", 7, 70)])
        return index
    }

    private struct Answers: Equatable {
        var searches: [EngineFixture.Answer] = []
        var isChecked: [Bool] = []
        var sources: [[PeerID]] = []
    }

    private static func answers(_ index: borrowing EngineFixture) throws -> Answers {
        var answers = Answers()
        for query in queries {
            for offline in [false, true] {
                for limit in [1, 3, 50] {
                    var cursor: Bytes?
                    repeat {
                        let page = try index.search(query, limit: limit, cursor: cursor, offline: offline)
                        answers.searches.append(page)
                        cursor = page.next == [UInt8(ascii: "0")] ? nil : page.next
                    } while cursor != nil
                }
            }
            answers.searches.append(try index.list(query))
        }
        for text in texts + ["new calm sea", "calm sea", "nothing"] {
            answers.isChecked.append(try index.check(text))
            answers.sources.append(try index.sources(.name(EngineFixture.name(text))))
        }
        return answers
    }

    @Test("[fault F1] what was recalled is found by the same answers before, while and after it is indexed")
    func sameAnswers() throws {
        var index = try Self.fixture()
        let whole = index.engine.catchUp(atMost: .max)
        #expect(whole)
        let expected = try Self.answers(index)
        #expect(try index.search("calm sea", offline: true).total > 3)
        for count in [0, 1, 4, 9, 13] {
            var index = try Self.fixture()
            if count > 0 { _ = index.engine.catchUp(atMost: count) }
            #expect(try Self.answers(index) == expected, "\(count) of them are indexed")
        }
    }

    @Test("a look-up decides nothing while titles wait")
    func lookUps() throws {
        var index = try Self.fixture()
        let words = try #require(Bytes("here first calm".utf8).withUnsafeBufferPointer { PlainWords($0) })
        #expect(index.engine.lookUp(words) == .undecided)
        _ = index.engine.catchUp(atMost: .max)
        #expect(index.engine.lookUp(words) != .undecided)
    }

    @Test("a search under way neither misses nor repeats what is indexed meanwhile", arguments: 1...5)
    func whileSearching(_ step: Int) throws {
        var limits = Limits.standard
        limits.postingsPerStep = 1
        var index = EngineFixture(limits: limits, nextID: 9)
        _ = try index.register(sharing: EngineFixture.names((0..<5).map { "here calm \($0)" }))
        _ = index.engine.recall(1, certificate: nil, until: Self.later, now: index.now)
        _ = try index.engine.recall((0..<40).map { try EngineFixture.file("calm \($0)", 1, UInt64($0)) }[...], of: 1)
        var search = try Search(
            Query.parse(Bytes("calm".utf8)), for: .contents, page: Page(limit: 100), includesOffline: true)
        while try !index.engine.advance(&search) { _ = index.engine.catchUp(atMost: step) }
        #expect(search.total == 45)
        #expect(Set(search.page).count == 45)
    }

    @Test("a content whose waiting name matches is not found by a live name that does not")
    func otherName() throws {
        var index = EngineFixture(nextID: 9)
        _ = try index.registerProven(sharing: [EngineFixture.file("foo live", 1, 1)])
        _ = index.engine.recall(1, certificate: nil, until: Self.later, now: index.now)
        _ = try index.engine.recall([EngineFixture.file("foo bar", 1, 1)][...], of: 1)
        for query in ["bar foo", "bar", "\"foo bar\"", "name:\"foo bar\"", "ba*"] {
            #expect(try index.search(query).total == 0, "\(query)")
            #expect(try index.search(query, offline: true).total == 1, "\(query)")
        }
        #expect(try index.search("foo").total == 1)
    }

    @Test("a compaction indexes what waits")
    func compaction() throws {
        var index = EngineFixture(nextID: 9)
        let list = try (0..<40).map { try EngineFixture.file("calm \($0)", 1, UInt64($0)) }
        _ = index.engine.recall(1, certificate: nil, until: Self.later, now: index.now)
        _ = index.engine.recall(list[...], of: 1)
        _ = index.engine.recallDeletion(list.map(\.name)[10...], of: 1)
        index.engine.finishRecall(1)
        let before = try index.search("calm", offline: true)
        #expect(before.total == 10)
        let isMade = index.engine.compactIfWorthwhile(now: index.now + .seconds(300), atLeast: 0)
        #expect(isMade)
        #expect(try index.search("calm", offline: true) == before)
        let words = try #require(Bytes("calm 3".utf8).withUnsafeBufferPointer { PlainWords($0) })
        #expect(index.engine.lookUp(words) != .undecided)
    }
}
