import Glibc
import P2PProtocol
import TestSupport
import Testing

/// What a user can ask of the menu.
@Suite struct StoryMenuTests {
    /// Two servers; on the first the files of one sharer, and a menu at both.
    private struct Scene {
        let scratch: ScratchFolder
        let indexes: [IndexFixture]
        let sharer: PeerFixture
        let menu: PeerFixture

        init(servers: Int = 1) throws {
            scratch = try ScratchFolder()
            indexes = try (0..<servers).map { _ in try IndexFixture() }
            scratch.folder("ada")
            scratch.folder("you")
            try scratch.write("ada/calm sea.ogg", Noise.bytes(200_000, seed: 1))
            try scratch.write("ada/storm sea.ogg", Noise.bytes(300_000, seed: 2))
            try scratch.write("you/mine.txt", Noise.bytes(10, seed: 3))
            sharer = try PeerFixture.daemon(at: indexes[0], in: scratch.file("ada"))
            try indexes[0].expectHolders([1], of: "calm sea")
            try indexes[0].expectHolders([1], of: "storm sea")
            menu = try PeerFixture.menu(at: indexes, in: scratch.file("you"))
            for (place, index) in indexes.enumerated() { try index.expectHolders([place == 0 ? 2 : 1], of: "mine.txt") }
        }

        func close() throws {
            try StoryTests.quit(menu)
            try sharer.stop()
            for index in indexes { try index.stop() }
        }
    }

    @Test("[mission N8] what lies in the own library is answered without the index, which may be gone")
    func ownFile() throws {
        let scene = try Scene()
        try scene.indexes[0].kill()
        try scene.menu.process.expect("trying again in the background", onError: true)
        #expect(try scene.menu.answer(to: "search mine.txt") == "you already have it: mine.txt\n")
        #expect(try scene.menu.answer(to: "library") == "mine.txt  10 B\n")
        // Whereas the index would have to be asked for this one.
        let answer = try scene.menu.answer(to: "search calm sea.ogg")
        #expect(answer.contains("127.0.0.1:\(scene.indexes[0].port)"), "\(answer)")
        try StoryTests.quit(scene.menu)
        try scene.sharer.stop()
    }

    @Test("[mission N10] what nobody has is said not to be found, and the menu goes on")
    func notFound() throws {
        let scene = try Scene()
        #expect(try scene.menu.answer(to: "search nowhere") == "not found\n")
        #expect(try scene.menu.answer(to: "download nowhere") == "not found\n")
        #expect(try scene.menu.answer(to: "nonsense").hasPrefix("no such choice: nonsense"))
        #expect(try scene.menu.answer(to: "2") == "mine.txt  10 B\n")
        try scene.close()
    }

    @Test("[mission L3] [mission F3] get lists all titles")
    func titles() throws {
        let scene = try Scene()
        #expect(try scene.menu.answer(to: "get") == "calm sea.ogg\nmine.txt\nstorm sea.ogg\n")
        let told = try scene.menu.answer(to: "get calm sea.ogg")
        #expect(told.contains("peer 1 at \(scene.sharer.address)") && told.contains("  rookery:"), "\(told)")
        try scene.close()
    }

    @Test("[mission L1] [mission L4] [mission A2] check tells of each server whether it knows a title")
    func check() throws {
        let scene = try Scene(servers: 2)
        let ports = scene.indexes.map(\.port)
        let answer = try scene.menu.answer(to: "check calm sea.ogg", until: "download or skip? [d/S] ")
        #expect(answer == "EXIST  127.0.0.1:\(ports[0])\nNOT_EXIST  127.0.0.1:\(ports[1])\n")
        #expect(try scene.menu.answer(to: "s") == "skipped\n")
        try scene.close()
    }

    @Test("[mission A3] after EXIST the user downloads or skips")
    func downloadOrSkip() throws {
        let scene = try Scene()
        let prompt = "download or skip? [d/S] "
        #expect(try scene.menu.answer(to: "check calm sea.ogg", until: prompt) == "EXIST\n")
        #expect(try scene.menu.answer(to: "s") == "skipped\n")
        #expect(!ScratchFolder.exists(scene.menu.file("calm sea.ogg")))
        #expect(try scene.menu.answer(to: "5 calm sea.ogg", until: prompt) == "EXIST\n")
        #expect(try scene.menu.answer(to: "d").hasSuffix("downloaded: \(scene.menu.file("calm sea.ogg"))\n"))
        #expect(ScratchFolder.root(of: scene.menu.file("calm sea.ogg")) == Noise.bytes(200_000, seed: 1).contentRoot)
        #expect(try scene.menu.answer(to: "check nowhere") == "NOT_EXIST\n")
        try scene.close()
    }

    @Test("[mission L5] of several owners the user chooses the preferred one")
    func preferred() throws {
        let scene = try Scene()
        let eve = scene.scratch.folder("eve")
        try scene.scratch.write("eve/calm.ogg", Noise.bytes(200_000, seed: 1))
        let other = try PeerFixture.daemon(at: scene.indexes[0], in: eve)
        try scene.indexes[0].expectHolders([1, 3], of: "calm")
        let question = "download? [y/N, or the number of the preferred one] "
        let offer = try scene.menu.answer(to: "download calm", until: question)
        let place = try #require(offer.split(separator: "\n").first { $0.contains("peer 3 at") }?.dropFirst(2).first)
        #expect(try scene.menu.answer(to: "\(place)").hasPrefix("downloaded: "))
        #expect(try other.metric("rookery_peer_sent_bytes_total") == 200_000)
        #expect(try scene.sharer.metric("rookery_peer_sent_bytes_total") == 0)
        try other.stop()
        try scene.close()
    }

    @Test("[mission N13] who answers soonest is named first, with how long it takes; who does not answer comes last")
    func latency() throws {
        let scene = try Scene()
        let eve = scene.scratch.folder("eve")
        try scene.scratch.write("eve/calm.ogg", Noise.bytes(200_000, seed: 1))
        let other = try PeerFixture.daemon(at: scene.indexes[0], in: eve)
        try scene.indexes[0].expectHolders([1, 3], of: "calm")
        scene.sharer.process.signal(SIGSTOP)
        let offer = try scene.menu.answer(to: "download calm", until: "preferred one] ")
        scene.sharer.process.signal(SIGCONT)
        let lines = offer.split(separator: "\n").map(String.init)
        #expect(
            lines[1].hasPrefix("  1) peer 3 at \(other.address), answers in ") && lines[1].hasSuffix(" ms"), "\(offer)")
        #expect(lines[2] == "  2) peer 1 at \(scene.sharer.address)", "\(offer)")
        #expect(try scene.menu.answer(to: "y").hasPrefix("downloaded: "))
        try other.stop()
        try scene.close()
    }

    @Test(
        "[mission A6] q leaves from any prompt",
        arguments: [
            [], [("1", "title: ")], [("search sea", "for none] ")],
            [("search calm sea.ogg", "download? [y/N] ")], [("check calm sea.ogg", "[d/S] ")],
            [("search sea", "for none] "), ("all", "download 2 files? [y/N] ")],
        ] as [[(String, String)]])
    func leaves(lines: [(String, String)]) throws {
        let scene = try Scene()
        for (line, prompt) in lines { _ = try scene.menu.answer(to: line, until: prompt) }
        try scene.close()
        #expect(ScratchFolder.list(scene.menu.folder) == [".rookery", "mine.txt"])
    }

    @Test("[mission F4] [mission F6] several files are chosen at once and fetched one after another")
    func several() throws {
        let scene = try Scene()
        _ = try scene.menu.answer(to: "search sea", until: "for none] ")
        _ = try scene.menu.answer(to: "1-2", until: "download 2 files? [y/N] ")
        _ = try scene.menu.answer(to: "y")
        #expect(ScratchFolder.root(of: scene.menu.file("calm sea.ogg")) == Noise.bytes(200_000, seed: 1).contentRoot)
        #expect(ScratchFolder.root(of: scene.menu.file("storm sea.ogg")) == Noise.bytes(300_000, seed: 2).contentRoot)
        try scene.close()
    }
}
