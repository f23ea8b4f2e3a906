import Glibc
import P2PProtocol
import TestSupport
import Testing

/// One index and eight peers, most of them real processes, with everything going wrong at once.
@Suite struct PeerSwarmKillTests {
    @Test("[attack A63] [fault F2] an honest peer among seven that die, freeze, rot and lie, taker killed thrice")
    func short() throws { try Crowd(megabytes: 96, seed: 1).run(kills: 3) }

    @Test(
        "[attack A63] [fault F2] the same with twenty kills",
        .enabled(if: Tool.isLongRun, "ROOKERY_LONG=1 runs it"), arguments: 2...4)
    func long(seed: UInt64) throws { try Crowd(megabytes: 160, seed: seed).run(kills: 20) }
}

private final class Crowd {
    private let scratch: ScratchFolder
    private let index: IndexFixture
    private let song: Bytes
    private var chance: Seeded
    private var peers: [PeerFixture] = []
    private var scripted: [ScriptedSource] = []
    /// What peers had sent when they were killed.
    private var sentBefore = 0

    private static let speed = 6 << 20
    private static let rotten = 1...2
    private static let mortal = 3...4
    private static let frozen = 5

    init(megabytes: Int, seed: UInt64) throws {
        (scratch, index, chance) = (try ScratchFolder(), try IndexFixture(), Seeded(seed: seed))
        song = Noise.bytes((megabytes << 20) + 77, seed: seed)
        // What sockets hold is little when the givers are slow: what was in flight can be told.
        try scratch.write("config.json", Bytes(#"{"peer": {"uploadLimit": \#(Self.speed)}}"#.utf8))
        for number in 0...5 {
            scratch.folder("peer\(number)")
            try scratch.write("peer\(number)/song.bin", song)
            peers.append(try start(number))
        }
        for number in 0...5 { try peers[number].process.expect("share.hashed", onError: true) }
        for number in Self.rotten { try rot("peer\(number)/song.bin") }
        for manner in [ScriptedSource.Manner.lying(from: song.count / 3), .stalling(after: 1 << 20)] {
            scripted.append(try ScriptedSource(manner, [.init("song.bin", song)], at: index))
        }
        try index.wait(for: "SOURCES \(song.contentRoot)") { $0[0]?.integer == 8 }
    }

    private func start(_ number: Int) throws -> PeerFixture {
        try PeerFixture.daemon(
            at: index, in: scratch.file("peer\(number)"), ["--config", scratch.file("config.json")])
    }

    /// A disk that returns other bytes than were written, with the file's time as it was.
    private func rot(_ name: String) throws {
        let file = open(scratch.file(name), O_RDWR)
        defer { close(file) }
        var status = stat()
        fstat(file, &status)
        for place in stride(from: 3 << 20, to: song.count, by: 5 << 20) {
            let wrong = [song[place] ^ 0xFF]
            #expect(pwrite(file, wrong, 1, off_t(place)) == 1)
        }
        var times = [status.st_atim, status.st_mtim]
        futimens(file, &times)
    }

    func run(kills: Int) throws {
        let you = scratch.folder("you")
        let (part, file) = ("\(you)/\(song.contentRoot).part", "\(you)/song.bin")
        var killed = 0
        var isFrozen = false
        while killed < kills, !ScratchFolder.exists(file) {
            let taker = try PeerFixture.start(["get", "song.bin"], at: [index], in: you)
            let goal = ScratchFolder.written(part) + Int.random(in: 1...song.count / (kills + 1), using: &chance)
            try TestClock.wait(for: "some more, or the end", within: 60) {
                ScratchFolder.written(part) >= goal || !taker.isRunning
            }
            taker.signal(SIGKILL)
            _ = try? taker.exitCode()
            killed += 1
            isFrozen.toggle()
            peers[Self.frozen].process.signal(isFrozen ? SIGSTOP : SIGCONT)
            try replace(Int.random(in: Self.mortal, using: &chance))
        }
        peers[Self.frozen].process.signal(SIGCONT)
        let result = try PeerFixture.run(["get", "song.bin"], at: [index], in: you, within: 120)
        #expect(result.code == 0, "\(result.complaints.suffix(2_000))")
        #expect(ScratchFolder.root(of: file) == song.contentRoot)
        #expect(killed == kills)
        let sent = try sentBytes
        // Of each kill: what each of the eight was at, and what was verified and not yet written. Beginning anew each
        // time would take much more.
        let most = song.count + (killed + 1) * 8 * (2 << 20)
        #expect(sent <= most, "\(sent) of \(song.count) with \(killed) kills")
        for peer in peers { try peer.stop() }
        try index.stop()
    }

    /// Kills a peer in the middle of what it does, and starts it again.
    private func replace(_ number: Int) throws {
        sentBefore += try peers[number].metric("rookery_peer_sent_bytes_total")
        peers[number].process.signal(SIGKILL)
        _ = try peers[number].process.exitCode()
        peers[number] = try start(number)
    }

    private var sentBytes: Int {
        get throws {
            let real = try peers.map { try $0.metric("rookery_peer_sent_bytes_total") }
            return sentBefore + real.reduce(0, +) + scripted.reduce(0) { $0 + $1.sentBytes }
        }
    }
}
