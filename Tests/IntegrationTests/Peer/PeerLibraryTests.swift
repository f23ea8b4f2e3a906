import Glibc
import P2PProtocol
import TestSupport
import Testing

/// A running peer whose folder changes: what the index knows of it follows.
@Suite struct PeerLibraryTests {
    /// Waits until the index lists exactly these names.
    private func expect(_ names: [String], at index: IndexFixture) throws {
        let client = try index.client()
        try TestClock.wait(for: "the names \(names)") {
            try client.ask("LIST").array?.last?.array?.map(\.text).sorted() == names.map { "\"\($0)\"" }
        }
    }

    @Test("what is dropped into the folder is findable, a rename hashes nothing, and what is deleted is gone")
    func follows() throws {
        let scene = try PeerScene(["old.ogg": Noise.bytes(3_000, seed: 1)])
        let share = scene.peer.folder
        let song = Noise.bytes(5_000, seed: 2)
        try scene.scratch.write("share/calm sea.ogg", song)
        try scene.index.expectHolders([1], of: "calm sea")
        try expect(["calm sea.ogg", "old.ogg"], at: scene.index)
        try TestClock.wait(for: "the root") { try scene.peer.ask("/content/\(song.contentRoot)").status == 200 }
        scene.scratch.folder("share/album/one")
        rename("\(share)/calm sea.ogg", "\(share)/album/one/calm.ogg")
        try expect(["album/one/calm.ogg", "old.ogg"], at: scene.index)
        #expect(try scene.peer.ask("/content/\(song.contentRoot)").status == 200)
        rename("\(share)/album", scene.scratch.file("elsewhere"))
        unlink("\(share)/old.ogg")
        try expect([], at: scene.index)
        rename(scene.scratch.file("elsewhere"), "\(share)/back")
        try expect(["back/one/calm.ogg"], at: scene.index)
        #expect(try scene.peer.ask("/content/\(song.contentRoot)").status == 200)
        try scene.close()
        // Two files were there in all, and each was hashed once.
        let lines = scene.peer.process.errorText.split(separator: "\n").filter { $0.contains("share.hashed") }
        #expect(lines.filter { $0.contains("files=1") }.count == 2 && !lines.contains { $0.contains("files=2") })
    }

    @Test("[attack A59] [fault F21] a share that is not there is offline from the start, and shared once it is")
    func offline() throws {
        let scene = try PeerScene(["old.ogg": Noise.bytes(3_000, seed: 1)])
        let drive = scene.scratch.file("drive")
        let second = try PeerFixture.daemon(at: scene.index, in: scene.scratch.folder("you"), ["--share", drive])
        try expect(["old.ogg"], at: scene.index)
        #expect(second.process.errorText.contains("share.offline"))
        scene.scratch.folder("mounted/a")
        try scene.scratch.write("mounted/a/song.ogg", Noise.bytes(100, seed: 2))
        rename(scene.scratch.file("mounted"), drive)
        try expect(["drive/a/song.ogg", "old.ogg"], at: scene.index)
        rename(drive, scene.scratch.file("unmounted"))
        try expect(["old.ogg"], at: scene.index)
        scene.scratch.folder("drive")
        rename(scene.scratch.file("unmounted"), drive)
        try expect(["drive/a/song.ogg", "old.ogg"], at: scene.index)
        try second.stop()
        try scene.close()
    }
}
