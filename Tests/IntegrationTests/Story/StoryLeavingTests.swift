import Glibc
import P2PProtocol
import TestSupport
import Testing

/// How peers go, and what is left of them.
@Suite struct StoryLeavingTests {
    /// An index, and a peer with one file that is findable there.
    private struct Pair {
        let scratch: ScratchFolder
        let index: IndexFixture
        let peer: PeerFixture

        init(menu: Bool) throws {
            scratch = try ScratchFolder()
            index = try IndexFixture(["--print-dictionary"])
            scratch.folder("ada")
            try scratch.write("ada/song.bin", Noise.bytes(1_000, seed: 1))
            let folder = scratch.file("ada")
            peer = menu ? try .menu(at: index, in: folder) : try .daemon(at: index, in: folder)
            try index.expectHolders([1], of: "song.bin")
        }
    }

    @Test(
        "[mission N5] [mission L6] a peer that quits is gone from the dictionary, and both sides say so",
        arguments: ["3", "q", "exit", "quit"])
    func quits(word: String) throws {
        let pair = try Pair(menu: true)
        pair.peer.process.type(word)
        #expect(try pair.peer.process.exitCode() == 0)
        #expect(pair.peer.process.text.hasSuffix("unregistered id 1\n"))
        try pair.index.expectDictionary([])
        try pair.index.process.expect("peer.left id=1 reason=quit", onError: true)
        try pair.index.stop()
    }

    @Test("the end of a menu's input is q")
    func endOfInput() throws {
        let pair = try Pair(menu: true)
        pair.peer.process.closeInput()
        #expect(try pair.peer.process.exitCode() == 0)
        try pair.index.expectDictionary([])
    }

    @Test("[mission N15] the entries of a peer that is killed go at once", arguments: [false, true])
    func crashes(menu: Bool) throws {
        let pair = try Pair(menu: menu)
        pair.peer.process.signal(SIGKILL)
        #expect(try pair.peer.process.exitCode() == -SIGKILL)
        // Its lease is 30 s.
        try pair.index.expectHolders([], of: "song.bin", within: 5)
        try pair.index.expectDictionary([])
        try pair.index.process.expect("peer.left id=1", onError: true)
        // It comes back as who it was, in the folder that the dead one had locked.
        let again = try PeerFixture.daemon(at: pair.index, in: pair.scratch.file("ada"))
        #expect(try again.id == 1)
        try pair.index.expectHolders([1], of: "song.bin")
        try again.stop()
        try pair.index.stop()
    }

    @Test("[mission F9] Ctrl-C ends a peer cleanly, and its port is free at once", arguments: [false, true])
    func interrupted(menu: Bool) throws {
        let pair = try Pair(menu: menu)
        // A connection that was served leaves its traces in the kernel.
        #expect(try pair.peer.ask("/").status == 200)
        try pair.peer.stop(with: SIGINT)
        #expect(pair.peer.process.text.hasSuffix("unregistered id 1\n"))
        let again = try PeerFixture(
            "daemon", at: [pair.index], in: pair.scratch.file("ada"), port: pair.peer.port)
        #expect(again.port == pair.peer.port)
        try again.stop(with: SIGINT)
        try pair.index.stop(with: SIGINT)
    }

    @Test("[mission F9] [mission F10] Ctrl-C ends an index whose peers go on, and come back to the next one")
    func indexInterrupted() throws {
        let pair = try Pair(menu: false)
        try pair.index.stop(with: SIGINT)
        try pair.peer.process.expect("trying again in the background", onError: true)
        let next = try IndexFixture(
            ["--port", "\(pair.index.port)", "--print-dictionary"], scratch: pair.index.scratch)
        try next.expectHolders([1], of: "song.bin")
        try next.expectDictionary([try IndexFixture.line(pair.peer, "song.bin")])
        try pair.peer.stop()
        try next.stop()
    }
}
