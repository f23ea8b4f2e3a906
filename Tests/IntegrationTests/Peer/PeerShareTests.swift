import Glibc
import P2PProtocol
import TestSupport
import Testing

/// `peer share`, with a peer of the same state running and without one.
@Suite struct PeerShareTests {
    private func share(_ words: String..., in folder: String) throws -> (code: Int32, text: String, complaints: String)
    {
        try PeerFixture.run(["share"] + words + ["--dir", folder], in: folder)
    }

    private func expect(_ names: [String], at index: IndexFixture) throws {
        let client = try index.client()
        try TestClock.wait(for: "the names \(names)") {
            try client.ask("LIST").array?.last?.array?.map(\.text).sorted() == names.map { "\"\($0)\"" }
        }
    }

    @Test("a folder that is added reaches a running peer, stays over a restart, and goes when it is removed")
    func addAndRemove() throws {
        let scene = try PeerScene(["own.ogg": Noise.bytes(100, seed: 1)])
        let you = scene.peer.folder
        let music = scene.scratch.folder("music")
        try scene.scratch.write("music/song.ogg", Noise.bytes(200, seed: 2))
        #expect(try share("add", music, in: you).code == 0)
        #expect(try share("add", "\(music)/../music", in: you).complaints.contains("already"))
        try expect(["music/song.ogg", "own.ogg"], at: scene.index)
        #expect(try share("list", in: you).text == "\(you)\n\(music)\n")
        try scene.peer.stop()
        let again = try PeerFixture.daemon(at: scene.index, in: you)
        try expect(["music/song.ogg", "own.ogg"], at: scene.index)
        rename(music, "\(music) away")
        #expect(try share("list", in: you).text == "\(you)\n\(music)  (offline)\n")
        try expect(["own.ogg"], at: scene.index)
        rename("\(music) away", music)
        try expect(["music/song.ogg", "own.ogg"], at: scene.index)
        #expect(try share("remove", music, in: you).code == 0)
        try expect(["own.ogg"], at: scene.index)
        #expect(try share("remove", music, in: you).code == 2)
        #expect(try share("add", scene.scratch.file("none"), in: you).code == 1)
        #expect(try share("remove", you, in: you).code == 1)
        for words in [["add"], ["list", "x"], ["nonsense"]] {
            #expect(try PeerFixture.run(["share"] + words + ["--dir", you], in: you).code == 64)
        }
        try again.stop()
        try scene.index.stop()
    }

    @Test("verify names the file whose bytes have rotted, nobody is offered it, and once mended it is back")
    func verify() throws {
        let song = Noise.bytes(3_000_000, seed: 1)
        let scene = try PeerScene(["song.ogg": song, "other.ogg": Noise.bytes(100, seed: 2)])
        let you = scene.peer.folder
        let path = scene.peer.file("song.ogg")
        let sound = try share("verify", in: you)
        #expect(sound.code == 0 && sound.text.isEmpty, "\(sound)")
        try overwrite(path, at: 2_000_000, with: [song[2_000_000] ^ 1])
        let rotten = try share("verify", in: you)
        #expect(rotten.code == 1 && rotten.text == "damaged  \(path)\n", "\(rotten)")
        let json = try share("verify", "--json", in: you)
        #expect(json.text == "{\"verified\":1,\"notHashed\":0,\"damaged\":[{\"path\":\"\(path)\"}]}\n", "\(json)")
        try expect(["other.ogg"], at: scene.index)
        try overwrite(path, at: 2_000_000, with: [song[2_000_000]])
        #expect(try share("verify", in: you).code == 0)
        try expect(["other.ogg", "song.ogg"], at: scene.index)
        #expect(try scene.peer.ask("/content/\(song.contentRoot)").body == song)
        try scene.close()
    }

    /// Changes bytes as a failing disk does: no date tells.
    private func overwrite(_ path: String, at offset: Int, with bytes: Bytes) throws {
        var status = stat()
        stat(path, &status)
        let file = open(path, O_WRONLY)
        defer { close(file) }
        guard pwrite(file, bytes, bytes.count, offset) == bytes.count else { throw TestFailure("pwrite: \(errno)") }
        var times = [status.st_atim, status.st_mtim]
        futimens(file, &times)
    }
}
