import P2PProtocol
import TestSupport
import Testing

/// What is only here, and what is only elsewhere.
@Suite struct PeerRarityTests {
    private static let song = Noise.bytes(3_000, seed: 71)
    private static let tune = Noise.bytes(4_000, seed: 72)

    private static func names(_ text: String, _ key: StaticString) throws -> [String] {
        (try JSON.parse(Bytes(text.utf8))[key]?.array ?? []).map { TransferScene.text($0, "name") }
    }

    @Test("browse --missing lists what lies in no folder here, whatever it is called; with and without a running peer")
    func missing() throws {
        let scene = try TransferScene()
        let other = try ScriptedSource(
            .honest,
            [
                .init("a/b/tune.bin", Self.tune), .init("a/song.bin", Self.song),
                .init("top.bin", Noise.bytes(9, seed: 73)),
            ],
            at: scene.index)
        scene.scratch.folder("you")
        try scene.scratch.write("you/mine under another name.bin", Self.song)
        let daemon = try scene.daemon()
        try scene.index.wait(for: "SEARCH another") { $0[0]?.integer == 1 && $0[2]?[0]?["root"]?.bytes != nil }
        for isRunning in [true, false] {
            if !isRunning { try daemon.stop() }
            #expect(
                try Self.names(scene.run("browse", "\(other.id)", "--missing", "--json"), "entries") == [
                    "a/b/tune.bin", "top.bin",
                ])
            #expect(
                try Self.names(scene.run("browse", "\(other.id)", "a/b", "--missing", "--json"), "entries") == [
                    "a/b/tune.bin"
                ])
            #expect(try scene.run("browse", "\(other.id)", "--missing").contains("a/b/tune.bin\n"))
        }
        try scene.scratch.write("you/tune.bin", Self.tune)
        let again = try scene.daemon()
        try scene.index.wait(for: "SEARCH tune") { reply in
            reply[0]?.integer == 1 && reply[2]?[0]?["count"]?.integer == 2
        }
        #expect(try scene.run("browse", "\(other.id)", "a", "--missing", code: 2) == "")
        try again.stop()
        try scene.index.stop()
    }

    @Test("status --rare lists the files of which nobody else who is connected has a copy")
    func rare() throws {
        let scene = try TransferScene()
        scene.scratch.folder("you")
        for (name, content) in [("song.bin", Self.song), ("tune.bin", Self.tune)] {
            try scene.scratch.write("you/\(name)", content)
        }
        _ = try scene.run("status", "--rare", code: 1)
        let daemon = try scene.daemon()
        try scene.index.wait(for: "SEARCH bin") { reply in
            let roots = (reply[2]?.array ?? []).compactMap { $0["root"]?.bytes }
            return roots.count == 2
        }
        #expect(try Self.names(scene.run("status", "--rare", "--json"), "files") == ["song.bin", "tune.bin"])
        let other = try ScriptedSource(.honest, [.init("other name.bin", Self.song)], at: scene.index)
        #expect(try Self.names(scene.run("status", "--rare", "--json"), "files") == ["tune.bin"])
        #expect(try scene.run("status", "--rare").hasSuffix("tune.bin\n"))
        try other.quit()
        #expect(try Self.names(scene.run("status", "--rare", "--json"), "files") == ["song.bin", "tune.bin"])
        try daemon.stop()
        try scene.index.stop()
    }
}
