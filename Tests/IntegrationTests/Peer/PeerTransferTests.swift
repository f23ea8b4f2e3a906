import Glibc
import P2PProtocol
import TestSupport
import Testing

/// The queue of a running peer, as its user sees it.
@Suite struct PeerTransferTests {
    private static let songs = (0..<4).map {
        ScriptedSource.File("song \($0).bin", Noise.bytes(3 << 20, seed: $0 + 40))
    }

    @Test("get orders from the running peer, looks on, and ends as without it")
    func get() throws {
        let scene = try TransferScene()
        let source = try ScriptedSource(.honest, Self.songs, at: scene.index)
        let daemon = try scene.daemon()
        #expect(try scene.run("get", "song 1.bin") == scene.file("song 1.bin") + "\n")
        #expect(ScratchFolder.root(of: scene.file("song 1.bin")) == Self.songs[1].content.contentRoot)
        // It is the running peer that has it, and shares it.
        try scene.index.expectHolders([source.id, try daemon.id], of: "song 1.bin")
        #expect(try scene.run("get", "song 1.bin") == scene.file("song 1.bin") + "\n")
        #expect(try scene.run("get", "nothing of the kind", code: 2) == "")
        _ = try scene.run("get", "song", code: 64)
        let all = try scene.run("get", "song", "--all", "--json")
        #expect(try JSON.parse(Bytes(all.utf8))["files"]?.array?.count == 4)
        #expect(ScratchFolder.list(scene.folder).filter { $0.hasSuffix(".bin") }.count == 4)
        try daemon.stop()
        try scene.index.stop()
    }

    @Test("[fault F1] killed in the middle, the queue is back: order and states, and nothing comes twice")
    func killed() throws {
        let scene = try TransferScene()
        let large = Noise.bytes((24 << 20) + 13, seed: 7)
        // Slow, not silent: however long the rest of this takes, it is not given up, and nothing else begins.
        let slow = try ScriptedSource(
            .paced(bytesPerSecond: 300_000), [.init("large.bin", large)], at: scene.index)
        let source = try ScriptedSource(.honest, Self.songs, at: scene.index)
        let settings = [
            "--config", try scene.scratch.write("config.json", Bytes(#"{"peer":{"parallelDownloads":1}}"#.utf8)),
        ]
        let first = try scene.daemon(settings)
        let get = try scene.order("large.bin")
        let part = scene.file("\(large.contentRoot).part")
        try TestClock.wait(for: "some of the file") { ScratchFolder.written(part) >= 1 << 20 }
        let others = try scene.order("song", "--all")
        try TestClock.wait(for: "five orders") { try scene.transfers().count == 5 }
        try scene.run("transfers", "pause", scene.number(of: "song 2.bin"))
        try scene.run("transfers", "move", scene.number(of: "song 3.bin"), "2")
        let order = try scene.order()
        #expect(order.count == 5 && order.prefix(2) == ["large.bin", "song 3.bin"])
        first.process.signal(SIGKILL)
        #expect(try first.process.exitCode() == -SIGKILL)
        // Those who looked on are told.
        #expect(try get.exitCode() == 1)
        #expect(try others.exitCode() == 1)
        let held = ScratchFolder.written(part)
        try slow.quit()

        // Without a peer the queue can be seen and changed.
        #expect(try scene.order() == order)
        #expect(try scene.states()["song 2.bin"] == "paused" && scene.states()["large.bin"] == "queued")
        try scene.run("transfers", "move", scene.number(of: "song 1.bin"), "1")
        let changed = try scene.order()
        #expect(changed.first == "song 1.bin")

        let second = try scene.daemon(settings)
        for name in ["song 0.bin", "song 1.bin", "song 3.bin"] { try scene.wait(for: "done", of: name) }
        #expect(try scene.states()["song 2.bin"] == "paused")
        try scene.wait(for: "waiting", of: "large.bin")
        let honest = try ScriptedSource(.honest, [.init("large.bin", large)], at: scene.index)
        try scene.wait(for: "done", of: "large.bin", within: 90)
        #expect(ScratchFolder.root(of: scene.file("large.bin")) == large.contentRoot)
        #expect(honest.sentBytes <= large.count - held + (2 << 20), "\(honest.sentBytes) beside \(held)")
        try scene.run("transfers", "resume", scene.number(of: "song 2.bin"))
        try scene.wait(for: "done", of: "song 2.bin")
        #expect(source.sentBytes == 4 * (3 << 20))
        try second.stop()
        try scene.index.stop()
    }

    @Test("[attack C3] what nobody has waits with its reason, and begins by itself when somebody comes")
    func waiting() throws {
        let scene = try TransferScene()
        let song = Self.songs[0]
        let source = try ScriptedSource(.refusing, [song], at: scene.index)
        let daemon = try scene.daemon()
        let get = try scene.order("song 0.bin")
        try scene.wait(for: "waiting", of: "song 0.bin")
        let transfer = try #require(try scene.transfers().first)
        #expect(TransferScene.text(transfer, "reason").contains("no source could give it"))
        #expect(transfer["nextTry"]?.integer.map { $0 <= 60 } == true)
        try source.quit()
        let honest = try ScriptedSource(.honest, [song], at: scene.index)
        #expect(try get.exitCode(within: 60) == 0, "\(get.errorText)")
        #expect(get.text == scene.file("song 0.bin") + "\n")
        #expect(honest.sentBytes == song.content.count)
        try daemon.stop()
        try scene.index.stop()
    }

    @Test("[attack C9] cancelled, a download leaves nothing behind, and takes nothing that is not its own")
    func cancelled() throws {
        let scene = try TransferScene()
        let song = Noise.bytes(8 << 20, seed: 3)
        scene.scratch.folder("you")
        let decoys = ["\(Noise.bytes(9, seed: 1).contentRoot).part", "song.bin.part", "other.journal"]
        for decoy in decoys { try scene.scratch.write("you/\(decoy)", Bytes("mine".utf8)) }
        let source = try ScriptedSource(.stalling(after: 3 << 20), [.init("song.bin", song)], at: scene.index)
        let daemon = try scene.daemon()
        let get = try scene.order("song.bin")
        let part = scene.file("\(song.contentRoot).part")
        try TestClock.wait(for: "some of it") { ScratchFolder.written(part) >= 2 << 20 }
        try scene.run("transfers", "cancel", scene.number(of: "song.bin"))
        #expect(try get.exitCode() == 1)
        try TestClock.wait(for: "an empty queue") { try scene.transfers().isEmpty }
        let left = ScratchFolder.list(scene.folder).filter { !$0.hasPrefix(".") }
        #expect(left == decoys.sorted())
        try scene.run("transfers", "cancel", "1", code: 2)
        try scene.run("transfers", "pause", "one", code: 64)
        withExtendedLifetime(source) {}
        try daemon.stop()
        try scene.index.stop()
    }

    @Test("[mission F9] Ctrl-C leaves the order in the queue and says so")
    func interrupted() throws {
        let scene = try TransferScene()
        let song = Noise.bytes(8 << 20, seed: 5)
        let source = try ScriptedSource(.stalling(after: 3 << 20), [.init("song.bin", song)], at: scene.index)
        let daemon = try scene.daemon()
        let get = try scene.order("song.bin")
        try scene.wait(for: "running", of: "song.bin")
        get.signal(SIGINT)
        #expect(try get.exitCode() == 1)
        #expect(get.errorText.contains("it goes on in the running peer; peer transfers shows it"))
        #expect(try scene.states()["song.bin"] == "running")
        try source.quit()
        let honest = try ScriptedSource(.honest, [.init("song.bin", song)], at: scene.index)
        try scene.wait(for: "done", of: "song.bin", within: 60)
        withExtendedLifetime(honest) {}
        try daemon.stop()
        try scene.index.stop()
    }

    @Test(
        "[fault F9] what does not fit waits and says so, and begins when there is room",
        .enabled(if: SmallDisk.isPossible, "needs root for a small file system"))
    func full() throws {
        let scene = try TransferScene()
        let song = Noise.bytes((4 << 20) + 5, seed: 6)
        let source = try ScriptedSource(.honest, [.init("song.bin", song)], at: scene.index)
        let disk = try SmallDisk(mebibytes: 8)
        try disk.fill("filler")
        let daemon = try scene.daemon()
        let get = try scene.order("song.bin", "--to", disk.path)
        try scene.wait(for: "waiting", of: "song.bin")
        #expect(TransferScene.text(try #require(try scene.transfers().first), "reason").contains("not enough space"))
        disk.remove("filler")
        #expect(try get.exitCode(within: 60) == 0, "\(get.errorText)")
        #expect(ScratchFolder.root(of: "\(disk.path)/song.bin") == song.contentRoot)
        // It lies in no shared folder: the index is not told that it can be had here.
        try scene.index.expectHolders([source.id], of: "song.bin")
        try daemon.stop()
        try scene.index.stop()
    }

    @Test("[mission N4] a move through the running peer is over when its former owner has let go of the file")
    func move() throws {
        let scene = try TransferScene()
        scene.scratch.folder("giver")
        try scene.scratch.write("giver/book.pdf", Bytes("the only copy".utf8))
        let giver = try PeerFixture.daemon(at: scene.index, in: scene.scratch.file("giver"), ["--ownership", "move"])
        let daemon = try scene.daemon()
        try scene.index.expectHolders([try giver.id], of: "book.pdf")
        let text = try scene.run("get", "book.pdf", "--move", "--json")
        #expect(text.contains(#""done":"moved here""#))
        #expect(!ScratchFolder.exists(giver.file("book.pdf")))
        #expect(ScratchFolder.exists(giver.file(".rookery/handed-off/book.pdf")))
        try scene.index.expectHolders([try daemon.id], of: "book.pdf")
        // Into a folder that is not shared it comes, too, and is nobody's source then.
        try scene.scratch.write("giver/other.pdf", Bytes("another".utf8))
        try scene.index.expectHolders([try giver.id], of: "other.pdf")
        let desk = scene.scratch.file("desk")
        #expect(try scene.run("get", "other.pdf", "--move", "--to", desk) == "\(desk)/other.pdf\n")
        #expect(ScratchFolder.exists(giver.file(".rookery/handed-off/other.pdf")))
        try scene.index.expectHolders([], of: "other.pdf")
        // Who gives copies only is not asked for more.
        let copies = try ScriptedSource(.honest, [.init("song.bin", Bytes("la".utf8))], at: scene.index)
        let refused = try PeerFixture.run(["get", "song.bin", "--move"], at: [scene.index], in: scene.folder)
        #expect(refused.code == 1 && refused.complaints.contains("gives copies only"), "\(refused)")
        #expect(try scene.states()["song.bin"] == "failed")
        withExtendedLifetime(copies) {}
        for peer in [giver, daemon] { try peer.stop() }
        try scene.index.stop()
    }
}
