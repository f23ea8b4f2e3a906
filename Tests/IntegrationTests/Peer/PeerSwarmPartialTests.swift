import Glibc
import P2PProtocol
import TestSupport
import Testing

/// Downloads that give while they take.
@Suite struct PeerSwarmPartialTests {
    @Test("a download under way gives its verified pieces, and says which those are; what is not there yet is 503")
    func partial() throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture()
        let song = Noise.bytes((12 << 20) + 5, seed: 1)
        let source = try ScriptedSource(.paced(bytesPerSecond: 2_000_000), [.init("song.bin", song)], at: index)
        let taker = try PeerFixture.menu(at: index, in: scratch.file("you"))
        taker.process.type("download song.bin")
        let root = song.contentRoot
        try index.wait(for: "SOURCES \(root)") { answer in
            answer[2]?.array?.contains { $0[3]?.bytes == Bytes(ascii: "p") } == true
        }
        // The last piece is a short one: any of the others.
        var isHere: [Bool] = []
        try TestClock.wait(for: "a whole piece") {
            let have = try taker.ask("/have/\(root)")
            guard have.status == 200, have.body.count == 2 else { throw TestFailure(have.head) }
            isHere = (0..<12).map { have.body[$0 / 8] & (0x80 >> UInt8($0 % 8)) != 0 }
            return isHere.contains(true)
        }
        let there = try #require(isHere.firstIndex(of: true))
        #expect(try taker.ask("/pieces/\(root)").body.count == 13 * 32)
        let piece = try taker.ask("/content/\(root)", "Range: bytes=\(there << 20)-\((there << 20) + 99)")
        #expect(piece.status == 206)
        #expect(piece.body == Bytes(song[there << 20..<(there << 20) + 100]))
        // All of it can only be had when it is complete.
        let whole = try taker.ask("/content/\(root)")
        #expect(whole.status == 503 || (whole.status == 200 && whole.body.count == song.count))
        if whole.status == 503 { #expect(whole.field("Retry-After") == "1") }
        #expect(try taker.ask("/content/\(root)", "Range: bytes=99999999-").status == 416)
        try taker.process.expect("downloaded: ", within: 60)
        #expect(try taker.ask("/have/\(root)").body == [0xFF, 0xF8])
        #expect(try taker.ask("/content/\(root)").body.count == song.count)
        try index.expectHolders([source.id, try taker.id], of: "song.bin")
        taker.process.type("quit")
        try index.stop()
    }

    @Test(
        "[fault F2] six takers of one slow source, killed at random among liars: each ends with the right file",
        .enabled(if: Tool.isLongRun, "ROOKERY_LONG=1 runs it"))
    func killedCrowd() throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture()
        let song = Noise.bytes((32 << 20) + 3, seed: 3)
        let manners: [ScriptedSource.Manner] = [
            .paced(bytesPerSecond: 4_000_000), .lying(from: 0), .lying(from: 9 << 20), .stalling(after: 700_000),
        ]
        let sources = try manners.map { try ScriptedSource($0, [.init("song.bin", song)], at: index) }
        var random = Seeded(seed: 5)
        func start(_ taker: Int) throws -> ChildProcess {
            try PeerFixture.start(
                ["get", "rookery:\(song.contentRoot)"], at: [index], in: scratch.file("taker-\(taker)"))
        }
        func isDone(_ taker: Int) -> Bool { ScratchFolder.exists(scratch.file("taker-\(taker)/song.bin")) }
        var takers = try (0..<6).map(start)
        for _ in 0..<20 {
            let victim = Int.random(in: 0..<6, using: &random)
            let goal = sources[0].sentBytes + Int.random(in: 0...1 << 20, using: &random)
            try TestClock.wait(for: "some more") { sources[0].sentBytes >= goal || (0..<6).allSatisfy(isDone) }
            guard !isDone(victim) else { continue }
            takers[victim].signal(SIGKILL)
            try takers[victim].exitCode()
            takers[victim] = try start(victim)
        }
        for (number, taker) in takers.enumerated() {
            try taker.exitCode(within: 120)
            #expect(ScratchFolder.root(of: scratch.file("taker-\(number)/song.bin")) == song.contentRoot)
        }
        try index.stop()
    }

    @Test("flash crowd: eight who want the same of one slow source give it to each other")
    func flashCrowd() throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture()
        let song = Noise.bytes(50_000_000, seed: 2)
        let source = try ScriptedSource(.paced(bytesPerSecond: 10_000_000), [.init("song.bin", song)], at: index)
        let takers = try (0..<8).map { number in
            try PeerFixture.start(["get", "song.bin"], at: [index], in: scratch.file("taker-\(number)"))
        }
        for (number, taker) in takers.enumerated() {
            #expect(try taker.exitCode(within: 120) == 0, "\(taker.errorText)")
            #expect(ScratchFolder.root(of: scratch.file("taker-\(number)/song.bin")) == song.contentRoot)
        }
        // The source's rate is what limits all of them: what it sent, and not a clock, says how long it took.
        #expect(source.sentBytes < 2 * song.count, "\(source.sentBytes) of \(song.count)")
        try index.stop()
    }
}
