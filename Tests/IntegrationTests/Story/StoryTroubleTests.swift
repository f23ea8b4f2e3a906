import Glibc
import P2PProtocol
import TestSupport
import Testing

/// Servers that are not there, folders that are not there, many at once.
@Suite struct StoryTroubleTests {
    @Test("[mission A5] [mission F10] without a server the client names each that it tried, says why, and fails")
    func noServer() throws {
        let scratch = try ScratchFolder()
        // A port that was free a moment ago, and one that speaks another language.
        let gone = try IndexFixture()
        try gone.stop()
        let other = try IndexFixture()
        let web = try PeerFixture("daemon", at: [other], in: scratch.folder("web"))
        for verb in ["search", "check", "list", "get"] {
            let result = try PeerFixture.run(
                [verb, "anything", "--server", "127.0.0.1:\(gone.port)", "--server", "127.0.0.1:\(web.port)"]
                    + ["--dir", scratch.file("you")], in: scratch.path)
            #expect(result.code == 1, "\(verb)")
            #expect(result.text.isEmpty)
            let lines = result.complaints.split(separator: "\n")
            #expect(lines.count == 2, "\(result.complaints)")
            #expect(lines.contains { $0.contains("127.0.0.1:\(gone.port)") && $0.contains("Connection refused") })
            #expect(lines.contains { $0.contains("127.0.0.1:\(web.port)") })
            #expect(!result.complaints.contains("Fatal"))
        }
        try web.stop()
        try other.stop()
    }

    @Test("[mission F10] the menu of a peer whose server is down says so, and works with what is here")
    func menuWithoutServer() throws {
        let scratch = try ScratchFolder()
        let gone = try IndexFixture()
        try gone.stop()
        scratch.folder("you")
        try scratch.write("you/mine.txt", Noise.bytes(10, seed: 3))
        let menu = try PeerFixture.menu(at: gone, in: scratch.file("you"))
        #expect(menu.process.errorText.contains("127.0.0.1:\(gone.port)"))
        // Files are hashed beside the menu, so that a large share does not keep it from opening.
        try TestClock.wait(for: "the hashed library") { try menu.answer(to: "library") == "mine.txt  10 B\n" }
        #expect(try menu.answer(to: "search other").contains("127.0.0.1:\(gone.port)"))
        try StoryTests.quit(menu)
    }

    @Test("[mission F7] the download folder is made when it is missing")
    func missingFolder() throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture()
        let song = Noise.bytes(70_000, seed: 1)
        let source = try ScriptedSource(.honest, [.init("song.bin", song)], at: index)
        let menu = try PeerFixture.menu(
            at: index, in: scratch.file("a/b"), ["--downloads", scratch.file("c/d/e"), "--state", scratch.file("f/g")])
        _ = try menu.answer(to: "download song.bin")
        #expect(ScratchFolder.root(of: scratch.file("c/d/e/song.bin")) == song.contentRoot)
        try StoryTests.quit(menu)
        let result = try PeerFixture.run(
            ["get", "song.bin", "--to", scratch.file("h/i")], at: [index], in: scratch.file("j"))
        #expect(result.code == 0 && result.text == scratch.file("h/i/song.bin\n"), "\(result)")
        #expect(ScratchFolder.root(of: scratch.file("h/i/song.bin")) == song.contentRoot)
        withExtendedLifetime(source) {}
        try index.stop()
    }

    @Test("[mission A6] any number of clients download at once")
    func manyClients() throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture()
        let song = Noise.bytes(2_000_000, seed: 1)
        scratch.folder("ada")
        try scratch.write("ada/song.bin", song)
        let ada = try PeerFixture.daemon(at: index, in: scratch.file("ada"))
        try index.expectHolders([1], of: "song.bin")
        let clients = try (0..<12).map { number in
            try PeerFixture.start(["get", "song.bin"], at: [index], in: scratch.file("client-\(number)"))
        }
        for (number, client) in clients.enumerated() {
            #expect(try client.exitCode(within: 40) == 0, "\(client.errorText)")
            #expect(ScratchFolder.root(of: scratch.file("client-\(number)/song.bin")) == song.contentRoot)
        }
        try index.expectHolders([1], of: "song.bin")
        try ada.stop()
        try index.stop()
    }
}
