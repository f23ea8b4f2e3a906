import Glibc
import P2PProtocol
import TestSupport
import Testing

/// Downloads from several sources at once.
@Suite struct PeerSwarmTests {
    @Test("four sources all give something, and nothing comes twice")
    func several() throws {
        let scene = try SwarmScene(Noise.bytes((80 << 20) + 77, seed: 1))
        let sources = try (0..<4).map { _ in try scene.source(.paced(bytesPerSecond: 20_000_000)) }
        try scene.download()
        #expect(sources.allSatisfy { $0.sentBytes >= 4 << 20 }, "\(sources.map(\.sentBytes))")
        let sent = sources.reduce(0) { $0 + $1.sentBytes }
        #expect(sent <= scene.song.count + (8 << 20), "\(sent) of \(scene.song.count)")
        try scene.close()
    }

    @Test("[attack A63] one honest source and seven liars: done, and each liar costs one piece and is named")
    func liars() throws {
        let scene = try SwarmScene(Noise.bytes((24 << 20) + 5, seed: 2))
        let liars = try (0..<7).map { _ in try scene.source(.lying(from: 0)) }
        let honest = try scene.source(.honest)
        try scene.download()
        #expect(honest.sentBytes >= scene.song.count)
        // A liar is asked for one piece before anybody knows what it is.
        #expect(liars.allSatisfy { $0.sentBytes <= 1 << 20 }, "\(liars.map(\.sentBytes))")
        try scene.close()
    }

    @Test("[attack A64] [fault F27] one source stalls in the middle of its answers: the other one takes over")
    func stalling() throws {
        let scene = try SwarmScene(Noise.bytes((16 << 20) + 5, seed: 3))
        let sources = [
            try scene.source(.stalling(after: (1 << 20) + 7)), try scene.source(.paced(bytesPerSecond: 8_000_000)),
        ]
        try scene.download(within: 30)
        withExtendedLifetime(sources) {}
        try scene.close()
    }

    @Test("[attack A64] a source that trickles a byte a second is overtaken, also on the last piece")
    func trickling() throws {
        let scene = try SwarmScene(Noise.bytes((6 << 20) + 5, seed: 7))
        let sources = [
            try scene.source(.paced(bytesPerSecond: 1)), try scene.source(.paced(bytesPerSecond: 4_000_000)),
        ]
        try scene.download(within: 30)
        #expect(sources[0].sentBytes < 100)
        try scene.close()
    }

    @Test("[attack A65] [attack A67] thirty who accept and never answer keep nobody from the one who does")
    func frozen() throws {
        let scene = try SwarmScene(Noise.bytes((30 << 20) + 5, seed: 8))
        let frozen = try (0..<30).map { _ in try scene.source(.honest) }
        let honest = try scene.source(.paced(bytesPerSecond: 20_000_000))
        for source in frozen { source.freeze() }
        try scene.download(within: 60)
        // A short last piece is not counted.
        #expect(honest.sentBytes >= 30 << 20)
        try scene.close()
    }

    @Test("[fault F27] a single source that goes silent and comes back is asked again by itself")
    func single() throws {
        let scene = try SwarmScene(Noise.bytes((10 << 20) + 5, seed: 9))
        let silent = try scene.source(.stalling(after: (2 << 20) + 7))
        try scene.download(within: 60)
        withExtendedLifetime(silent) {}
        try scene.close()
    }

    @Test("[fault F26] one drops the connection in every answer, one compresses, one redirects, one is gone")
    func motley() throws {
        let scene = try SwarmScene(Noise.bytes((20 << 20) + 5, seed: 4))
        let manners: [ScriptedSource.Manner] = [
            .cutting(after: (1 << 20) + 7), .compressing, .redirecting, .refusing, .foreignPieces,
            .paced(bytesPerSecond: 10_000_000),
        ]
        let sources = try manners.map { try scene.source($0) }
        try scene.download()
        withExtendedLifetime(sources) {}
        try scene.close()
    }

    @Test("a source that comes while a download is under way is asked, too")
    func latecomer() throws {
        let scene = try SwarmScene(Noise.bytes((40 << 20) + 5, seed: 5))
        let slow = try scene.source(.paced(bytesPerSecond: 1_000_000))
        let process = try PeerFixture.start(["get", "song.bin"], at: [scene.index], in: scene.you)
        try TestClock.wait(for: "a beginning") { slow.sentBytes > 0 }
        let late = try scene.source(.honest)
        #expect(try process.exitCode(within: 40) == 0, "\(process.errorText)")
        #expect(late.sentBytes > 20 << 20, "\(late.sentBytes)")
        try scene.close()
    }

    @Test("[attack A61] a source that ignores ranges and one that is busy do no harm; the busy one is asked again")
    func odd() throws {
        let scene = try SwarmScene(Noise.bytes((6 << 20) + 5, seed: 6))
        let sources = [try scene.source(.wholeOnly), try scene.source(.busy(times: 2))]
        try scene.download()
        #expect(sources[1].sentBytes > 0)
        try scene.close()
    }

    @Test(
        "eight sources that drop, stall, lie and refuse at random, one of them honest: the right file comes of it",
        arguments: Tool.isLongRun ? 1...20 : 1...2)
    func mixtures(seed: UInt64) throws {
        var random = Seeded(seed: seed)
        let scene = try SwarmScene(Noise.bytes(Int.random(in: 1 << 20...24 << 20, using: &random), seed: seed))
        var manners: [ScriptedSource.Manner] = (0..<7).map { _ in
            let place = Int.random(in: 0...4 << 20, using: &random)
            let all: [ScriptedSource.Manner] = [
                .lying(from: place), .stalling(after: place), .cutting(after: place), .foreignPieces, .compressing,
                .redirecting, .refusing, .wholeOnly, .busy(times: 3),
                .paced(bytesPerSecond: Int.random(in: 1_000...5_000_000, using: &random)),
            ]
            return all.randomElement(using: &random) ?? .refusing
        }
        manners.insert(.paced(bytesPerSecond: 8_000_000), at: Int.random(in: 0...7, using: &random))
        let sources = try manners.map { try scene.source($0) }
        try scene.download(within: 60)
        withExtendedLifetime(sources) {}
        try scene.close()
    }
}

/// An index, sources with one song, and somebody who wants it.
private struct SwarmScene {
    let scratch: ScratchFolder
    let index: IndexFixture
    let song: Bytes

    init(_ song: Bytes) throws {
        scratch = try ScratchFolder()
        index = try IndexFixture()
        self.song = song
    }

    var you: String { scratch.file("you") }

    func source(_ manner: ScriptedSource.Manner) throws -> ScriptedSource {
        try ScriptedSource(manner, [.init("song.bin", song)], at: index)
    }

    /// Fetches the song, which must come out right.
    func download(within seconds: Double = 60) throws {
        let result = try PeerFixture.run(["get", "song.bin"], at: [index], in: you, within: seconds)
        #expect(result.code == 0, "\(result.complaints)")
        #expect(ScratchFolder.root(of: "\(you)/song.bin") == song.contentRoot)
    }

    func close() throws { try index.stop() }
}
