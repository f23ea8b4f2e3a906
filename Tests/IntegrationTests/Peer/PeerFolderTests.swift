import Glibc
import P2PProtocol
import TestSupport
import Testing

/// Whole folders, with what lies in them.
@Suite struct PeerFolderTests {
    private struct Scene {
        let scratch: ScratchFolder
        let index: IndexFixture
        let giver: PeerFixture
        var files: [String: Bytes] = [:]

        init(_ names: [String]) throws {
            scratch = try ScratchFolder()
            index = try IndexFixture()
            scratch.folder("share")
            for (number, name) in names.enumerated() {
                var folder = "share"
                for part in name.split(separator: "/").dropLast() { folder = Self.make(folder, "\(part)", scratch) }
                // Every third is too large to go along with others.
                let size = number % 3 == 2 ? (1 << 20) + 99 : 500 + number
                files[name] = Noise.bytes(size, seed: UInt64(number) + 1)
                try scratch.write("share/\(name)", files[name] ?? [])
            }
            giver = try PeerFixture.daemon(at: index, in: scratch.file("share"))
            try giver.process.expect("share.hashed", onError: true)
            let count = names.count
            try index.wait(for: "PEERS") { $0[0]?["files"]?.integer == count }
            for content in files.values {
                try index.wait(for: "SOURCES \(content.contentRoot)") { $0[0] == .integer(1) }
            }
        }

        private static func make(_ parent: String, _ name: String, _ scratch: ScratchFolder) -> String {
            scratch.folder("\(parent)/\(name)")
            return "\(parent)/\(name)"
        }

        func get(_ arguments: [String], into you: String) throws -> (code: Int32, text: String, complaints: String) {
            try PeerFixture.run(["get"] + arguments, at: [index], in: you, within: 60)
        }

        func expect(_ name: String, as place: String, sourceLocation: SourceLocation = #_sourceLocation) {
            #expect(ScratchFolder.read(place) == files[name], "\(name)", sourceLocation: sourceLocation)
        }

        func close() throws {
            try giver.stop()
            try index.stop()
        }
    }

    private static let album = [
        "music/live/one.mp3", "music/live/1999/two.mp3", "music/live/1999/large.mp3", "music/live/b side/three.mp3",
        "music/studio/four.mp3", "five.mp3",
    ]

    @Test("[mission F4] a folder comes with what is in it and below it, alone and through a running peer")
    func structure() throws {
        let scene = try Scene(Self.album)
        for isQueued in [false, true] {
            let you = scene.scratch.folder("you \(isQueued)")
            let daemon = isQueued ? try PeerFixture.daemon(at: scene.index, in: you) : nil
            let flags = isQueued ? [] : ["--from", "\(try scene.giver.id)"]
            let result = try scene.get(["music/live/"] + flags, into: you)
            #expect(result.code == 0, "\(result.complaints)")
            for name in Self.album.prefix(4) { scene.expect(name, as: "\(you)/\(name.dropFirst("music/".count))") }
            #expect(!ScratchFolder.exists("\(you)/studio") && !ScratchFolder.exists("\(you)/five.mp3"))
            #expect(!ScratchFolder.list(you).contains { $0.hasSuffix(".part") })
            try daemon?.stop()
        }
        try scene.close()
    }

    @Test("[mission F4] of a folder of which half is here only the rest is fetched, and what is here is named")
    func half() throws {
        let scene = try Scene(Self.album)
        let you = scene.scratch.folder("you")
        // Under other names.
        try scene.scratch.write("you/mine.mp3", scene.files["music/live/one.mp3"] ?? [])
        try scene.scratch.write("you/large.mp3", scene.files["music/live/1999/large.mp3"] ?? [])
        let result = try scene.get(["music/live/"], into: you)
        #expect(result.code == 0)
        #expect(result.complaints.contains("already here: \(you)/mine.mp3"), "\(result.complaints)")
        #expect(result.complaints.contains("already here: \(you)/large.mp3"))
        scene.expect("music/live/1999/two.mp3", as: "\(you)/live/1999/two.mp3")
        #expect(!ScratchFolder.exists("\(you)/live/one.mp3") && !ScratchFolder.exists("\(you)/live/1999/large.mp3"))
        let sent = try scene.giver.metric("rookery_peer_sent_bytes_total")
        #expect(sent < 1 << 20, "\(sent)")
        try scene.close()
    }

    @Test("[attack A51] a link that was planted in the way is not followed: that file fails, the others come")
    func planted() throws {
        let scene = try Scene(Self.album)
        let (you, outside) = (scene.scratch.folder("you"), scene.scratch.folder("outside"))
        scene.scratch.folder("you/live")
        #expect(symlink(outside, "\(you)/live/1999") == 0)
        let result = try scene.get(["music/live/"], into: you)
        #expect(result.code == 1)
        #expect(ScratchFolder.list(outside).isEmpty)
        scene.expect("music/live/one.mp3", as: "\(you)/live/one.mp3")
        scene.expect("music/live/b side/three.mp3", as: "\(you)/live/b side/three.mp3")
        try scene.close()
    }

    @Test("[attack A40] [attack A43] folders with names that do harm come under harmless ones")
    func hostile() throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture()
        let content = Noise.bytes(999, seed: 1)
        let name = Bytes("fun/-rf/.ssh/a\u{1B}[2J\\b/authorized_keys".utf8)
        let source = try ScriptedSource(.honest, [.init(name, content)], at: index)
        let you = scratch.folder("you")
        let result = try PeerFixture.run(["get", "fun/", "--from", "\(source.id)"], at: [index], in: you)
        #expect(result.code == 0, "\(result.complaints)")
        #expect(ScratchFolder.read("\(you)/fun/_rf/_ssh/a_[2J_b/authorized_keys") == content)
        #expect(!(result.text + result.complaints).contains("\u{1B}"))
        try index.stop()
    }

    @Test("a folder that nobody has is not found; one that is no name is misuse")
    func missing() throws {
        let scene = try Scene(["one/a"])
        let you = scene.scratch.folder("you")
        #expect(try scene.get(["two/"], into: you).code == 2)
        #expect(try scene.get(["one/", "--from", "99"], into: you).code != 0)
        #expect(try scene.get(["../"], into: you).code == 64)
        try scene.close()
    }

    @Test("[mission F4] the menu lists what lies below a folder, and takes those that are chosen with their folders")
    func menu() throws {
        let scene = try Scene(Self.album)
        let you = scene.scratch.folder("you")
        let menu = try PeerFixture.menu(at: scene.index, in: you)
        _ = try menu.answer(to: "download music/live/", until: "which? [1-4, such as 1,3 or all; Enter for none] ")
        _ = try menu.answer(to: "1,3-4")
        try TestClock.wait(for: "three files") { ScratchFolder.exists("\(you)/live/one.mp3") }
        scene.expect("music/live/1999/large.mp3", as: "\(you)/live/1999/large.mp3")
        #expect(!ScratchFolder.exists("\(you)/live/1999/two.mp3"))
        try menu.stop()
        try scene.close()
    }
}
