import P2PProtocol
import TestSupport
import Testing

/// What is known about titles, kept by two servers.
@Suite struct StoryCatalogTests {
    @Test("[mission T3] [mission T4] [mission T5] add where it is missing, edit where it exists, and see who differs")
    func twoServers() throws {
        let scratch = try ScratchFolder()
        let (one, two) = (try IndexFixture(), try IndexFixture())
        func catalog(_ words: String..., at indexes: [IndexFixture]) throws -> (code: Int32, text: String) {
            let result = try PeerFixture.run(["catalog"] + words, at: indexes, in: scratch.folder("me"))
            return (result.code, result.text)
        }
        let both = [one, two]
        #expect(try catalog("get", "Calm Sea", at: both).code == 2)
        #expect(try catalog("edit", "Calm Sea", "year=1999", at: both).code == 2)
        #expect(try catalog("add", "Calm Sea", "artist=Anna B", "year", "1999", at: [one]) == (0, "2 fields set\n"))
        let differing = try catalog("get", "calm sea", at: both)
        #expect(differing.code == 0)
        #expect(differing.text.contains("the servers differ") && differing.text.contains("(unknown)"))
        #expect(differing.text.contains("* artist") && differing.text.contains("Anna B"))

        // What one has is added to the other, with what is new for both.
        let added = try catalog("add", "calm sea", "artist=Anna B", "year=1999", "note=live", at: both)
        #expect(added.code == 0)
        #expect(added.text.contains("1 field set") && added.text.contains("3 fields set"))
        #expect(try !catalog("get", "calm sea", at: both).text.contains("differ"))

        let edited = try catalog("edit", "CALM SEA", "year=2001", at: both)
        #expect(edited.code == 0)
        let json = try catalog("all", "--json", at: both).text
        #expect(json.hasPrefix(#"{"titles":[{"title":"Calm Sea","differs":false,"#))
        #expect(json.components(separatedBy: #""year":"2001""#) == 3)
        try one.stop()
        #expect(try catalog("get", "calm sea", at: both).code == 0)
        try two.stop()
        #expect(try catalog("get", "calm sea", at: both).code == 1)
        for words in [["get"], ["add", "x"], ["add", "x", "y"], ["nonsense"]] {
            let result = try PeerFixture.run(["catalog"] + words, at: both, in: scratch.folder("me"))
            #expect(result.code == 64)
        }
    }

    @Test("[mission T3] [mission T6] the menu's add, edit and get; what was said survives the server")
    func menu() throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture()
        let peer = try PeerFixture.menu(at: index, in: scratch.folder("me"))
        _ = try peer.answer(to: "add Storm", until: "done): ")
        _ = try peer.answer(to: "artist", until: "artist: ")
        _ = try peer.answer(to: "Ben = C", until: "done): ")
        #expect(try peer.answer(to: "").hasPrefix("1 field set"))
        #expect(try peer.answer(to: "edit storm", until: "done): ").contains("  artist: Ben = C\n"))
        _ = try peer.answer(to: "year", until: "year: ")
        _ = try peer.answer(to: "1987", until: "done): ")
        #expect(try peer.answer(to: "").hasPrefix("1 field set"))
        #expect(try peer.answer(to: "edit storm", until: "done): ").contains("  year: 1987\n"))
        #expect(try peer.answer(to: "").hasPrefix("nothing changed"))
        #expect(try peer.answer(to: "get storm").contains("  year: 1987\n"))
        #expect(try peer.answer(to: "all").hasPrefix("Storm\n  artist: Ben = C\n  year: 1987\n"))
        try index.kill()
        let again = try IndexFixture(scratch: index.scratch)
        let told = try PeerFixture.run(["catalog", "get", "storm"], at: [again], in: scratch.folder("you"))
        #expect(told.text == "storm\n  artist: Ben = C\n  year: 1987\n")
        try peer.stop()
        try again.stop()
    }
}

extension String {
    /// How many parts there are between a text.
    fileprivate func components(separatedBy text: String) -> Int { ranges(of: text).count + 1 }
}
