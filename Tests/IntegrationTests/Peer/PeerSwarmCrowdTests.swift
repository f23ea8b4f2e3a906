import Glibc
import P2PProtocol
import TestSupport
import Testing

/// One honest peer among seven that do at random whatever a source can do wrong, and takers that are killed.
@Suite struct PeerSwarmCrowdTests {
    @Test("[attack A63] [attack A64] one honest peer and seven at random: every download is right", arguments: 1...3)
    func short(seed: UInt64) throws {
        try crowd(seed: seed, megabytes: 8, kills: 1)
    }

    @Test(
        "[attack A63] [attack A64] [fault F2] the same with forty crowds, and takers killed again and again",
        .enabled(if: Tool.isLongRun, "ROOKERY_LONG=1 runs it"), arguments: 10..<50)
    func long(seed: UInt64) throws {
        try crowd(seed: seed, megabytes: 40, kills: 5)
    }

    private func crowd(seed: UInt64, megabytes: Int, kills: Int) throws {
        var chance = Seeded(seed: seed)
        let (scratch, index) = (try ScratchFolder(), try IndexFixture())
        scratch.folder("share")
        let song = Noise.bytes((megabytes << 20) + Int.random(in: 0..<1 << 20, using: &chance), seed: seed)
        let small = (0..<40).map { Noise.bytes(1 + $0 * 777, seed: seed &* 1_000 &+ UInt64($0)) }
        try scratch.write("share/song.bin", song)
        for (number, content) in small.enumerated() { try scratch.write("share/small \(number).bin", content) }
        let honest = try PeerFixture.daemon(at: index, in: scratch.file("share"))
        try honest.process.expect("share.hashed", onError: true)
        let files =
            [ScriptedSource.File("song.bin", song)]
            + small.enumerated().map { ScriptedSource.File("small \($0).bin", $1) }
        let others = try (0..<7).map { _ in
            try ScriptedSource(Self.manner(below: song.count, using: &chance), files, at: index)
        }
        let you = scratch.folder("you")
        for _ in 0..<kills {
            let taker = try PeerFixture.start(["get", "song.bin"], at: [index], in: you)
            // At a random moment: sooner or later in what it does.
            let files = Int.random(in: 0...3, using: &chance)
            try TestClock.wait(for: "a beginning, or the end") {
                ScratchFolder.list(you).count >= files || !taker.isRunning
            }
            taker.signal(SIGKILL)
            _ = try? taker.exitCode()
        }
        for query in ["song.bin", "small"] {
            let result = try PeerFixture.run(["get", query, "--all"], at: [index], in: you, within: 180)
            #expect(result.code == 0, "seed \(seed): \(result.complaints.suffix(1_000))")
        }
        #expect(ScratchFolder.root(of: "\(you)/song.bin") == song.contentRoot, "seed \(seed)")
        for (number, content) in small.enumerated() {
            #expect(ScratchFolder.root(of: "\(you)/small \(number).bin") == content.contentRoot, "seed \(seed)")
        }
        withExtendedLifetime(others) {}
        try honest.stop()
        try index.stop()
    }

    private static func manner(below size: Int, using chance: inout Seeded) -> ScriptedSource.Manner {
        let place = Int.random(in: 0..<size, using: &chance)
        return switch Int.random(in: 0..<9, using: &chance) {
        case 0: .lying(from: 0)
        case 1: .lying(from: place)
        case 2: .stalling(after: place)
        case 3: .cutting(after: place)
        case 4: .foreignPieces
        case 5: .compressing
        case 6: .redirecting
        case 7: .refusing
        default: .busy(times: 3)
        }
    }
}
