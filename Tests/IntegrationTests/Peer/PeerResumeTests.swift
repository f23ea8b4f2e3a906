import Glibc
import P2PProtocol
import TestSupport
import Testing

/// Downloads that were interrupted.
@Suite struct PeerResumeTests {
    @Test("a download that was killed goes on where it was, also from another source")
    func killed() throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture()
        let song = Noise.bytes((24 << 20) + 13, seed: 1)
        let half = 12 << 20
        // The first source goes silent in the middle, so that the middle is a place and not a moment.
        let silent = try ScriptedSource(.stalling(after: half), [.init("song.bin", song)], at: index)
        let part = scratch.file("you/\(song.contentRoot).part")
        let first = try PeerFixture.start(["get", "song.bin"], at: [index], in: scratch.file("you"))
        // Pieces are written as they are verified; at most a few are in flight.
        try TestClock.wait(for: "half of the file") { ScratchFolder.written(part) >= half - (4 << 20) }
        first.signal(SIGKILL)
        #expect(try first.exitCode() == -SIGKILL)
        #expect(!ScratchFolder.exists(scratch.file("you/song.bin")))
        let held = ScratchFolder.written(part)
        try silent.quit()
        try index.expectHolders([], of: "song.bin")

        scratch.folder("ada")
        try scratch.write("ada/the same song.bin", song)
        let ada = try PeerFixture.daemon(at: index, in: scratch.file("ada"))
        try index.expectHolders([try ada.id], of: "same song")
        let result = try PeerFixture.run(["get", "same song"], at: [index], in: scratch.file("you"))
        #expect(result.code == 0, "\(result.complaints)")
        #expect(ScratchFolder.root(of: scratch.file("you/the same song.bin")) == song.contentRoot)
        #expect(!ScratchFolder.exists(part))
        let sent = try ada.metric("rookery_peer_sent_bytes_total")
        // Of what was on the disk only a piece that was being written can come again.
        #expect(sent >= song.count - held && sent <= song.count - held + (2 << 20), "\(sent) beside \(held)")
        try ada.stop()
        try index.stop()
    }

    @Test(
        "[fault F2] killed again and again, a download goes on each time; only what was in flight comes again",
        .enabled(if: Tool.isLongRun, "ROOKERY_LONG=1 runs it"))
    func killedOften() throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture()
        let song = Noise.bytes((96 << 20) + 13, seed: 4)
        let sources = try (0..<3).map { _ in
            try ScriptedSource(.paced(bytesPerSecond: 4_000_000), [.init("song.bin", song)], at: index)
        }
        let part = scratch.file("you/\(song.contentRoot).part")
        var kills = 0
        var random = Seeded(seed: 9)
        var process = try PeerFixture.start(["get", "song.bin"], at: [index], in: scratch.file("you"))
        while kills < 20, !ScratchFolder.exists(scratch.file("you/song.bin")) {
            let goal = ScratchFolder.written(part) + Int.random(in: 1...8 << 20, using: &random)
            try TestClock.wait(for: "some more") {
                ScratchFolder.written(part) >= goal || ScratchFolder.exists(scratch.file("you/song.bin"))
            }
            process.signal(SIGKILL)
            _ = try process.exitCode()
            kills += 1
            process = try PeerFixture.start(["get", "song.bin"], at: [index], in: scratch.file("you"))
        }
        #expect(try process.exitCode(within: 60) == 0)
        #expect(ScratchFolder.root(of: scratch.file("you/song.bin")) == song.contentRoot)
        // Each kill costs each source the piece that it is at, those being verified, and what the sockets hold.
        let sent = sources.reduce(0) { $0 + $1.sentBytes }
        let most = song.count + kills * 3 * (4 << 20)
        #expect(sent <= most, "\(sent) for \(song.count) with \(kills) kills")
        try index.stop()
    }

    @Test("what was left of a download is not believed: pieces that are wrong come again")
    func damaged() throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture()
        let song = Noise.bytes((4 << 20) + 13, seed: 2)
        var left = Bytes(song.prefix(3 << 20))
        left[(1 << 20) + 5] ^= 1
        scratch.folder("you")
        try scratch.write("you/\(song.contentRoot).part", left)
        let source = try ScriptedSource(.honest, [.init("song.bin", song)], at: index)
        let result = try PeerFixture.run(["get", "song.bin"], at: [index], in: scratch.file("you"))
        #expect(result.code == 0, "\(result.complaints)")
        #expect(ScratchFolder.root(of: scratch.file("you/song.bin")) == song.contentRoot)
        #expect(source.sentBytes == song.count - (2 << 20))
        try index.stop()
    }

    @Test("[mission F9] Ctrl-C ends a download in order; started again it goes on")
    func interrupted() throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture()
        let song = Noise.bytes((6 << 20) + 13, seed: 3)
        let file = ScriptedSource.File("song.bin", song)
        let silent = try ScriptedSource(.stalling(after: 3 << 20), [file], at: index)
        let part = scratch.file("you/\(song.contentRoot).part")
        let first = try PeerFixture.start(["get", "song.bin"], at: [index], in: scratch.file("you"))
        try TestClock.wait(for: "three pieces") { ScratchFolder.written(part) >= 3 << 20 }
        first.signal(SIGINT)
        #expect(try first.exitCode() == 1)
        try silent.quit()
        let honest = try ScriptedSource(.honest, [file], at: index)
        #expect(try PeerFixture.run(["get", "song.bin"], at: [index], in: scratch.file("you")).code == 0)
        #expect(ScratchFolder.root(of: scratch.file("you/song.bin")) == song.contentRoot)
        #expect(honest.sentBytes < song.count)
        try index.stop()
    }
}
