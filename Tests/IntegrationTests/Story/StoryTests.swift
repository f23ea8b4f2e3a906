import Glibc
import P2PProtocol
import TestSupport
import Testing

/// What the design is for, with real processes: an index, several peers, files that change hands.
@Suite struct StoryTests {
    @Test(
        """
        [mission N2] [mission N3] [mission N4] [mission N6] [mission N7] [mission N9] [mission N11] [mission N12] \
        a file is found, confirmed with y and fetched straight from its owner, and the dictionary shows both
        """)
    func copy() throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture(["--print-dictionary"])
        let (song, tale) = (Noise.bytes(3_000_001, seed: 1), Noise.bytes(40_000, seed: 2))
        scratch.folder("ada")
        scratch.folder("ben")
        try scratch.write("ada/song.bin", song)
        try scratch.write("ben/tale.txt", tale)
        let ada = try PeerFixture.daemon(at: index, in: scratch.file("ada"))
        #expect(ada.process.text.contains("registered successfully with id 1\n"))
        let ben = try PeerFixture.menu(at: index, in: scratch.file("ben"))
        #expect(ben.process.text.contains("registered successfully with id 2\n"))
        let cal = try PeerFixture.menu(at: index, in: scratch.file("cal"))
        try index.expectHolders([1], of: "song.bin")
        try index.expectHolders([2], of: "tale.txt")

        #expect(try cal.answer(to: "1", until: "title: ") == "")
        let offer = try cal.answer(to: "song.bin", until: "download? [y/N] ")
        #expect(offer.hasPrefix("found: song.bin, 2.8 MiB\n  peer 1 at \(ada.address), answers in "), "\(offer)")
        #expect(try cal.answer(to: "y") == "downloaded: \(cal.file("song.bin"))\n")
        #expect(ScratchFolder.root(of: cal.file("song.bin")) == song.contentRoot)
        // The menu of the giver waits all the while.
        _ = try cal.answer(to: "search tale.txt", until: "download? [y/N] ")
        #expect(try cal.answer(to: "y") == "downloaded: \(cal.file("tale.txt"))\n")
        #expect(ScratchFolder.root(of: cal.file("tale.txt")) == tale.contentRoot)

        try index.expectDictionary([
            try IndexFixture.line(ada, "song.bin"), try IndexFixture.line(ben, "tale.txt"),
            try IndexFixture.line(cal, "song.bin", "tale.txt"),
        ])
        #expect(index.process.text.contains("dictionary: 3 peers, "))
        // The taker is a giver now.
        try index.expectHolders([1, 3], of: "song.bin")
        try ada.stop()
        let answer = try ben.answer(to: "download song.bin")
        #expect(answer.hasSuffix("downloaded: \(ben.file("song.bin"))\n"), "\(answer)")
        #expect(ScratchFolder.root(of: ben.file("song.bin")) == song.contentRoot)
        for peer in [ben, cal] { try Self.quit(peer) }
        try index.expectDictionary([])
        try index.stop()
    }

    @Test("[mission N4] a moved file leaves its giver, who keeps it aside, and the dictionary shows only the taker")
    func move() throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture(["--print-dictionary"])
        let book = Noise.bytes(1_500_000, seed: 3)
        scratch.folder("library")
        try scratch.write("library/book.pdf", book)
        try scratch.write("library/map.png", Noise.bytes(9, seed: 4))
        let library = try PeerFixture.daemon(at: index, in: scratch.file("library"), ["--ownership", "move"])
        let reader = try PeerFixture.menu(at: index, in: scratch.file("reader"))
        try index.expectHolders([1], of: "book.pdf")

        let answer = try reader.answer(to: "move book.pdf")
        #expect(answer.hasSuffix("moved here: \(reader.file("book.pdf"))\n"), "\(answer)")
        #expect(ScratchFolder.root(of: reader.file("book.pdf")) == book.contentRoot)
        #expect(!ScratchFolder.exists(library.file("book.pdf")))
        #expect(ScratchFolder.root(of: library.file(".rookery/handed-off/book.pdf")) == book.contentRoot)
        try index.expectDictionary([
            try IndexFixture.line(library, "map.png"), try IndexFixture.line(reader, "book.pdf"),
        ])
        // What stands in the menu stands on the command line, too.
        try index.expectHolders([1], of: "map.png")
        let other = scratch.folder("other")
        let result = try PeerFixture.run(["get", "map.png", "--move"], at: [index], in: other)
        #expect(result.code == 0, "\(result.complaints)")
        #expect(ScratchFolder.exists("\(other)/map.png"))
        #expect(!ScratchFolder.exists(library.file("map.png")))
        #expect(ScratchFolder.exists(library.file(".rookery/handed-off/map.png")))
        try index.expectDictionary([try IndexFixture.line(library), try IndexFixture.line(reader, "book.pdf")])
        try Self.quit(reader)
        try library.stop()
        try index.stop()
    }

    @Test("[mission N4] a peer that gives copies only is not moved from, and says so")
    func noConsent() throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture()
        scratch.folder("ada")
        try scratch.write("ada/song.bin", Noise.bytes(10, seed: 1))
        let ada = try PeerFixture.daemon(at: index, in: scratch.file("ada"))
        try index.expectHolders([1], of: "song.bin")
        let ben = scratch.folder("ben")
        let result = try PeerFixture.run(["get", "song.bin", "--move"], at: [index], in: ben)
        #expect(result.code == 1)
        #expect(result.complaints.contains("gives copies only"))
        #expect(ScratchFolder.exists(ada.file("song.bin")) && !ScratchFolder.exists("\(ben)/song.bin"))
        try ada.stop()
        try index.stop()
    }

    static func quit(_ menu: PeerFixture) throws {
        menu.process.type("q")
        #expect(try menu.process.exitCode() == 0)
    }
}
