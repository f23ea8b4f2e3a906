import IndexServer
import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

@Suite struct RememberingTests {
    private static let later = Moment(nanoseconds: 1_000)

    @Test("files of a proven peer that left are found by those who ask for what is offline, and by nobody else")
    func left() throws {
        var index = EngineFixture()
        let one = try index.registerProven(sharing: [EngineFixture.file("calm.mp3", 5, 1)])
        let two = try index.registerProven(
            port: 9_002, sharing: [EngineFixture.file("calm.mp3", 5, 1), EngineFixture.file("storm.mp3", 6, 2)])
        index.engine.unregister(one, rememberingUntil: Self.later)
        #expect(try index.search("calm") == .only("calm.mp3 2"))
        #expect(try index.search("calm", offline: true) == .only("calm.mp3 2,1o"))
        index.engine.unregister(two, rememberingUntil: Self.later)
        #expect(try index.search("mp3").total == 0)
        #expect(try index.search("mp3", offline: true) == .only("calm.mp3 1o,2o", "storm.mp3 2o"))
        #expect(try index.search("*", offline: true) == .only("calm.mp3 1o,2o", "storm.mp3 2o"))
        #expect(try index.list().total == 0)
        #expect(index.engine.peerCount == 0)
        #expect(index.engine.entryCount == 0)
        #expect(index.engine.contentCount == 0)
        #expect((index.engine.rememberedPeers, index.engine.rememberedFiles) == (2, 3))
    }

    @Test("names, and files of a peer that never proved its port, are forgotten at once")
    func forgottenAtOnce() throws {
        var index = EngineFixture()
        let names = try index.register(sharing: EngineFixture.names(["calm"]))
        let unproven = try index.register(port: 9_002, sharing: [EngineFixture.file("calm.mp3", 5, 1)])
        for id in [names, unproven] { index.engine.unregister(id, rememberingUntil: Self.later) }
        #expect(try index.search("calm", offline: true).total == 0)
        #expect(index.engine.rememberedPeers == 0)
    }

    @Test("a peer that comes back takes its record over: what it lists now replaces what was remembered")
    func back() throws {
        var index = EngineFixture()
        let id = try index.registerProven(
            sharing: [EngineFixture.file("old.mp3", 5, 1), EngineFixture.file("both.mp3", 6, 2)])
        index.engine.unregister(id, rememberingUntil: Self.later)
        let again = try index.register(id, port: 9_005, sharing: [EngineFixture.file("both.mp3", 6, 2)])
        #expect(again == id)
        #expect(try index.search("mp3", offline: true).total == 0)
        index.engine.markProven(id)
        #expect(try index.search("mp3", offline: true) == .only("both.mp3 1"))
        #expect((index.engine.rememberedPeers, index.engine.rememberedFiles, index.engine.entryCount) == (0, 0, 1))
    }

    @Test("a list is forgotten when its time is over, and the oldest first where there is no room")
    func forgetting() throws {
        var limits = Limits.standard
        limits.rememberedFiles = 2
        var index = EngineFixture(limits: limits)
        for number in 1...3 {
            let id = try index.registerProven(
                port: 9_000 + number, sharing: [EngineFixture.file("\(number).mp3", 5, UInt64(number))])
            index.engine.unregister(id, rememberingUntil: Moment(nanoseconds: Int64(100 - number)))
        }
        #expect(try index.search("mp3", offline: true) == .only("1.mp3 1o", "2.mp3 2o"))
        let oldest = index.engine.takeForgotten()
        #expect(oldest == [3])
        index.engine.forgetExpired(now: Moment(nanoseconds: 98))
        #expect(try index.search("mp3", offline: true) == .only("1.mp3 1o"))
        index.engine.forgetExpired(now: Moment(nanoseconds: 99))
        #expect(try index.search("mp3", offline: true).total == 0)
        let expired = index.engine.takeForgotten()
        #expect(expired == [2, 1])
    }

    @Test("lists from the disk are added in pieces, until their peer is back")
    func recalling() throws {
        var index = EngineFixture(nextID: 8)
        let here = try index.register(1)
        let isAnotherOne = index.engine.recall(here, certificate: nil, until: Self.later, now: index.now)
        #expect(!isAnotherOne)
        let begins = index.engine.recall(7, certificate: nil, until: Self.later, now: index.now)
        let files = try (1...3).map { try EngineFixture.file("\($0).mp3", 5, UInt64($0)) }
        let goesOn = index.engine.recall(files[..<2], of: 7)
        #expect(begins && goesOn)
        #expect(try index.search("mp3", offline: true) == .only("1.mp3 7o", "2.mp3 7o"))
        let deletes = index.engine.recallDeletion([files[0].name], of: 7)
        #expect(deletes)
        #expect(try index.search("mp3", offline: true) == .only("2.mp3 7o"))
        #expect(index.engine.rememberedFiles == 1)
        _ = try index.register(7, sharing: [])
        let isStillWanted = index.engine.recall(files[2...], of: 7)
        #expect(!isStillWanted)
        #expect(try index.search("mp3", offline: true).total == 0)
    }

    @Test("a list that was given up is not spoken of any more once its peer is back")
    func backSinceForgotten() throws {
        var index = EngineFixture()
        let files = try EngineFixture.files(1)
        let id = try index.registerProven(sharing: [])
        index.engine.unregister(id, rememberingUntil: Self.later)
        _ = try index.register(id, sharing: files)
        index.engine.markProven(id)
        index.engine.unregister(id, rememberingUntil: Self.later)
        let forgotten = index.engine.takeForgotten()
        #expect(forgotten.isEmpty)
        #expect(try index.search("mp3", offline: true).total == 1)
    }

    @Test("a list that is given up at the moment at which its peer comes back gives its place up once")
    func backWhileForgotten() throws {
        var limits = Limits.standard
        limits.entriesPerStep = 1
        var index = EngineFixture(limits: limits)
        let id = try index.registerProven(sharing: EngineFixture.names(["a", "b", "c"]))
        index.engine.unregister(id, rememberingUntil: Self.later)
        _ = try index.register(id, sharing: EngineFixture.files(1))
        for port in 1...3 { _ = try index.registerProven(port: 9_001 + port, sharing: EngineFixture.files(port)) }
        while index.engine.sweep() {}
        #expect(try index.search("0.mp3") == .only("0.mp3 2,3,4"))
        #expect(try index.search("2.mp3") == .only("2.mp3 4"))
        #expect((index.engine.entryCount, index.engine.rememberedFiles) == (7, 0))
    }

    @Test("the disk's list of a peer that was here since the start is not taken up, however the peer left")
    func returned() throws {
        var index = EngineFixture(nextID: 8)
        index.engine.beginRecall()
        _ = try index.register(7, sharing: EngineFixture.files(1))
        index.engine.unregister(7, rememberingUntil: Self.later)
        let begins = index.engine.recall(7, certificate: nil, until: Self.later, now: index.now)
        #expect(!begins)
        let isTaken = index.engine.recall(try EngineFixture.files(2)[...], of: 7)
        #expect(!isTaken)
        let another = index.engine.recall(6, certificate: nil, until: Self.later, now: index.now)
        #expect(another)
        index.engine.endRecall()
        #expect(try index.search("mp3", offline: true).total == 0)
    }

    @Test("compaction keeps what is remembered")
    func compaction() throws {
        var index = EngineFixture()
        let stays = try index.registerProven(sharing: [EngineFixture.file("stays.mp3", 5, 1)])
        let other = try index.register(
            port: 9_002, sharing: (10..<100).map { try EngineFixture.file("\($0).mp3", 5, UInt64($0)) })
        index.engine.unregister(stays, rememberingUntil: Self.later)
        index.engine.unregister(other)
        let isCompacted = index.engine.compactIfWorthwhile(now: index.now, atLeast: 8)
        #expect(isCompacted)
        #expect(try index.search("mp3", offline: true) == .only("stays.mp3 1o"))
        _ = try index.register(stays, sharing: [])
        #expect(try index.search("mp3", offline: true).total == 0)
    }

    @Test("whatever happens, what is offline is what the peers that left had", arguments: 0..<40)
    func model(seed: Int) throws {
        var limits = Limits.standard
        // Half of the runs take small steps, and go on before they are done.
        if seed % 2 == 1 { limits.entriesPerStep = 1 + seed / 2 % 3 }
        var index = EngineFixture(limits: limits, nextID: 7)
        var random = Seeded(seed: UInt64(seed))
        var present: [PeerID: Set<UInt64>] = [:]
        var absent: [PeerID: Set<UInt64>] = [:]
        for _ in 0..<120 {
            let id = PeerID.random(in: 1...6, using: &random)
            let roots = Set(
                (0..<Int.random(in: 0...4, using: &random)).map { _ in UInt64.random(in: 1...8, using: &random) })
            let list = try roots.map { try EngineFixture.file("\($0).mp3", 5, $0) }
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                try index.registerKnown(id, sharing: list)
                (present[id], absent[id]) = (roots, nil)
            case 2:
                guard let had = present.removeValue(forKey: id) else { continue }
                let end = Moment(nanoseconds: Int64.random(in: 1...1_000, using: &random))
                index.engine.unregister(id, rememberingUntil: end)
                if !had.isEmpty { absent[id] = had }
            default:
                _ = index.engine.compactIfWorthwhile(now: index.now, atLeast: 1)
            }
            #expect(index.engine.rememberedFiles == absent.values.reduce(0) { $0 + $1.count })
            #expect(index.engine.entryCount == present.values.reduce(0) { $0 + $1.count })
            if Bool.random(using: &random) { continue }
            while index.engine.sweep() {}
            for root in UInt64(1)...8 {
                let holders = present.filter { $0.value.contains(root) }.keys.sorted().map { "\($0)" }
                let former = absent.filter { $0.value.contains(root) }.keys.sorted().map { "\($0)o" }
                let lines =
                    (holders + former).isEmpty ? [] : ["\(root).mp3 \((holders + former).joined(separator: ","))"]
                #expect(try index.search("\(root)", offline: true).lines == lines)
            }
        }
        index.engine.forgetExpired(now: Moment(nanoseconds: 1_000))
        while index.engine.sweep() {}
        #expect(index.engine.rememberedFiles == 0)
        #expect(try index.search("*", offline: true).total == Set(present.values.joined()).count)
    }
}

extension EngineFixture {
    /// Registers a peer under its old id, which some index before has given, and proves its port.
    fileprivate mutating func registerKnown(_ id: PeerID, sharing list: [FileEntry]) throws {
        _ = try engine.register(
            PeerDescription(host: .loopback, port: 9_000 + id), as: id, sharing: list, now: now)
        engine.markProven(id)
    }
}
