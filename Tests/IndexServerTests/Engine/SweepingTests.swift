import IndexServer
import P2PProtocol
import P2PRuntime
import Testing

/// Changes of shares that are greater than a step.
@Suite struct SweepingTests {
    private static let files = 100

    private static func list(from first: Int = 0) throws -> [FileEntry] {
        try EngineFixture.files(files, from: first)
    }

    @Test("a peer with a great share is a source of nothing from the moment it leaves, while its entries go by and by")
    func leaving() throws {
        var index = EngineFixture.inSmallSteps()
        let (stays, leaves) = (
            try index.registerProven(sharing: Self.list()),
            try index.registerProven(port: 9_002, sharing: Self.list(from: 50))
        )
        while index.engine.sweep() {}
        index.engine.unregister(leaves)
        #expect(index.engine.peerCount == 1)
        #expect(index.engine.entryCount == Self.files)
        #expect(index.dictionary.count == 1)
        var steps = 0
        repeat {
            let hits = try index.search("99", limit: 10)
            #expect(hits == .only("99.mp3 \(stays)"))
            let last = try index.search("149", limit: 10)
            #expect(last.lines.isEmpty || last == .only("149.mp3"))
            #expect(try index.sources(.root(EngineFixture.root(60))) == [stays])
            steps += 1
        } while index.engine.sweep()
        #expect(steps == Self.files / 10 - 1)
        #expect(try index.search("mp3").total == Self.files)
        #expect(index.engine.contentCount == Self.files)
    }

    @Test("a peer that comes back before its old entries are gone has its new ones at once")
    func comingBack() throws {
        var index = EngineFixture.inSmallSteps()
        let id = try index.registerProven(sharing: Self.list())
        while index.engine.sweep() {}
        index.engine.unregister(id)
        _ = try index.register(id, sharing: Self.list(from: 95))
        index.engine.markProven(id)
        #expect(index.engine.entryCount == Self.files)
        #expect(try index.sources(.root(EngineFixture.root(96))) == [id])
        #expect(try index.sources(.root(EngineFixture.root(90))) == [])
        while index.engine.sweep() {}
        #expect(try index.search("mp3").total == Self.files)
        #expect(try index.search("96") == .only("96.mp3 \(id)"))
    }

    @Test("a list that replaces a great one never hides what stays, and tells nobody that it was found")
    func replacing() throws {
        var index = EngineFixture.inSmallSteps()
        let id = try index.registerProven(sharing: Self.list())
        while index.engine.sweep() {}
        index.engine.isWatched = true
        _ = try index.register(id, sharing: Self.list(from: 99))
        repeat {
            #expect(try index.search("99") == .only("99.mp3 \(id)"))
            for case .found(let file) in index.engine.takeEvents() {
                #expect(file.root != EngineFixture.root(99))
            }
        } while index.engine.sweep()
        #expect(try index.search("mp3").total == Self.files)
    }

    @Test("who changes a peer's list finds everything done that was under way with it")
    func meeting() throws {
        var index = EngineFixture.inSmallSteps()
        let id = try index.registerProven(sharing: Self.list())
        #expect(index.engine.isSweeping == true)
        let changed = try index.engine.delete([EngineFixture.name("7.mp3")], from: id)
        #expect(changed == 1)
        #expect(index.engine.isSweeping == false)
        #expect(try index.search("mp3").total == Self.files - 1)
        index.engine.markUnreachable(id)
        #expect(index.engine.isSweeping == true)
        #expect(try index.sources(.root(EngineFixture.root(99))) == [])
        while index.engine.sweep([id]) {}
        #expect(index.engine.isSweeping == false)
        #expect(try index.search("mp3").total == 0)
    }

    @Test("a great share that is remembered is offline from the moment its peer leaves, and forgotten by and by")
    func remembering() throws {
        var index = EngineFixture.inSmallSteps()
        let id = try index.registerProven(sharing: Self.list() + EngineFixture.names(["bare"]))
        while index.engine.sweep() {}
        index.engine.unregister(id, rememberingUntil: Moment(nanoseconds: 9))
        repeat {
            #expect(try index.search("99", offline: true) == .only("99.mp3 \(id)o"))
            #expect(try index.sources(.root(EngineFixture.root(99))) == [])
        } while index.engine.sweep()
        #expect(try index.search("*", limit: 1, offline: true).total == Self.files)
        #expect(try index.search("*").total == 0)
        #expect(index.engine.rememberedFiles == Self.files)
        index.engine.forgetExpired(now: Moment(nanoseconds: 9))
        #expect(index.engine.rememberedFiles == 0)
        #expect(try index.search("99", offline: true).lines.allSatisfy { $0 == "99.mp3" })
        while index.engine.sweep() {}
        #expect(try index.search("*", offline: true).total == 0)
    }
}
