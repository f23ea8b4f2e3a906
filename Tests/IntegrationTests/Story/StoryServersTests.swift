import P2PProtocol
import TestSupport
import Testing

/// Several servers with one list between them, and the list of servers itself.
@Suite struct StoryServersTests {
    /// Two servers, each with a sharer of its own, and a configuration that names the first.
    private struct Scene {
        let scratch: ScratchFolder
        let indexes: [IndexFixture]
        let sharers: [PeerFixture]

        init() throws {
            scratch = try ScratchFolder()
            indexes = try (0..<2).map { _ in try IndexFixture() }
            for name in ["ada", "ben", "me"] { scratch.folder(name) }
            try scratch.write("ada/calm sea.ogg", Noise.bytes(2_000, seed: 1))
            try scratch.write("ben/storm sea.ogg", Noise.bytes(3_000, seed: 2))
            sharers = [
                try PeerFixture.daemon(at: indexes[0], in: scratch.file("ada")),
                try PeerFixture.daemon(at: indexes[1], in: scratch.file("ben")),
            ]
            try indexes[0].expectHolders([1], of: "calm sea")
            try indexes[1].expectHolders([1], of: "storm sea")
            let servers = #"{"peer": {"servers": ["\#(Self.address(indexes[0]))"]}}"#
            try scratch.write("config.json", Bytes(servers.utf8))
        }

        static func address(_ index: IndexFixture) -> String { "127.0.0.1:\(index.port)" }

        var config: [String] { ["--config", scratch.file("config.json")] }

        func run(_ words: String...) throws -> (code: Int32, text: String, complaints: String) {
            try PeerFixture.run(words + config + ["--dir", scratch.folder("me")], in: scratch.path)
        }

        func close() throws {
            for sharer in sharers { try sharer.stop() }
            for index in indexes { try index.stop() }
        }
    }

    @Test("[mission T2] [mission A1] [mission L1] servers are added and deleted in the menu, at once and for ever")
    func menu() throws {
        let scene = try Scene()
        let (one, two) = (Scene.address(scene.indexes[0]), Scene.address(scene.indexes[1]))
        let folder = scene.scratch.folder("me")
        let menu = try PeerFixture(nil, at: [], in: folder, scene.config)
        try menu.process.expect("a prompt") { $0.hasSuffix("\n> ") }
        #expect(try menu.answer(to: "get") == "calm sea.ogg\n")
        #expect(try menu.answer(to: "addserver nonsense:x") == "nonsense:x is no server: write HOST:PORT\n")
        #expect(try menu.answer(to: "addserver \(two)").contains("registered successfully with id 2 at \(two)"))
        #expect(try menu.answer(to: "addserver \(two)") == "\(two) is on the list already\n")
        #expect(try menu.answer(to: "serverlist") == "\(one)  registered as 2\n\(two)  registered as 2\n")
        // Each server has its part of the common list.
        #expect(try menu.answer(to: "get") == "calm sea.ogg\nstorm sea.ogg\n")
        #expect(try menu.answer(to: "deleteserver \(one)").contains("\(one) is no longer used\n"))
        #expect(try menu.answer(to: "deleteserver \(one)") == "\(one) is not on the list\n")
        #expect(try menu.answer(to: "deleteserver \(two)").contains("is the only server"))
        #expect(try menu.answer(to: "get") == "storm sea.ogg\n")
        try StoryTests.quit(menu)

        #expect(try scene.run("servers", "list").text == "\(two)\n")
        #expect(try scene.run("list").text == "storm sea.ogg\n")
        // Flags go before the list and leave it alone.
        #expect(try scene.run("list", "--server", one).text == "calm sea.ogg\n")
        #expect(try scene.run("servers", "list", "--json").text == "{\"servers\":[\"\(two)\"]}\n")
        try scene.close()
    }

    @Test("[mission T2] a running peer follows what the command changes")
    func command() throws {
        let scene = try Scene()
        let (one, two) = (Scene.address(scene.indexes[0]), Scene.address(scene.indexes[1]))
        let folder = scene.scratch.folder("me")
        try scene.scratch.write("me/mine.txt", Noise.bytes(10, seed: 3))
        let daemon = try PeerFixture("daemon", at: [], in: folder, scene.config)
        try scene.indexes[0].expectHolders([2], of: "mine.txt")
        #expect(try scene.run("servers", "add", two).code == 0)
        try scene.indexes[1].expectHolders([2], of: "mine.txt")
        #expect(try scene.run("servers", "remove", one).code == 0)
        try scene.indexes[0].expectHolders([], of: "mine.txt")
        #expect(try scene.run("servers", "remove", one).code == 2)
        #expect(try scene.run("servers", "remove", two).code == 1)
        #expect(try scene.run("servers", "add", "x:y").code == 64)
        #expect(try scene.run("servers").code == 64)
        // What was said about titles is said to the servers of the running peer.
        try daemon.stop()
        let flagged = try PeerFixture("daemon", at: [scene.indexes[0]], in: folder)
        try scene.indexes[0].expectHolders([2], of: "mine.txt")
        #expect(try scene.run("servers", "list").text == "\(one)\n")
        #expect(try scene.run("catalog", "add", "mine", "year=1999").code == 0)
        #expect(try scene.run("catalog", "get", "mine").text == "mine\n  year: 1999\n")
        try flagged.stop()
        try scene.close()
    }
}
