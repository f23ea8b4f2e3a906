import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

@Suite struct CompletionTests {
    @Test(
        "the first word is one of the menu's",
        arguments: [("l", ["library", "limits"]), ("che", ["check"]), ("x", []), ("", nil)] as [(String, [String]?)])
    func words(_ text: String, _ expected: [String]?) {
        guard case .words(let words) = Completion(of: Bytes(text.utf8)) else { return #expect(Bool(false)) }
        if let expected { #expect(words.map { String(decoding: $0.label, as: UTF8.self) } == expected) }
        #expect(words.allSatisfy { $0.line == $0.label + [UInt8(ascii: " ")] })
        #expect(!text.isEmpty || words.count == MenuItem.allCases.count)
    }

    @Test(
        "behind a word that takes one stands a title",
        arguments: [
            ("download ca", Completion.title(command: Bytes(ascii: "download "), beginning: Bytes(ascii: "ca"))),
            ("1  Calm Se", .title(command: Bytes(ascii: "1  "), beginning: Bytes(ascii: "Calm Se"))),
            ("get ", .title(command: Bytes(ascii: "get "), beginning: [])), ("library ca", .words([])),
            ("nonsense ca", .words([])),
        ])
    func titles(_ text: String, _ expected: Completion) {
        #expect(Completion(of: Bytes(text.utf8)) == expected)
    }

    @Test(
        "what is asked of the servers",
        arguments: [
            ("ca", "ca*"), ("Calm Sé", "calm se*"), ("sea.fl", "sea fl*"), ("", nil), ("\"-", nil),
        ] as [(String, String?)])
    func query(_ beginning: String, _ expected: String?) {
        #expect(Completion.query(for: Bytes(beginning.utf8)) == expected.map { Bytes($0.utf8) })
    }

    @Test("a title is completed from its beginning, or from that of its last component, in whatever case")
    func suggestions() {
        let titles = ["Music/Calm Sea.flac", "calm.txt", "Music/Storm.flac", "other/Calm Sea.flac"]
        let found = Completion.suggestions(
            titles.map { Bytes($0.utf8) }, for: Bytes(ascii: "get "), Bytes(ascii: "CALM"))
        #expect(found.map { String(decoding: $0.line, as: UTF8.self) } == ["get Calm Sea.flac", "get calm.txt"])
    }

    @Test("the history is kept, bounded, and without what is said twice")
    func history() throws {
        let folder = try ScratchFolder()
        let file = Bytes((folder.path + "/history").utf8)
        var history = LineHistory(file: file)
        for line in ["one", "one", " hidden", "", "two"] { history.add(Bytes(line.utf8)) }
        history.save()
        #expect(LineHistory(file: file).lines == [Bytes(ascii: "one"), Bytes(ascii: "two")])
        for number in 0..<2_000 { history.add(Bytes(decimal: number)) }
        history.save()
        #expect(LineHistory(file: file).lines.count == LineHistory.capacity)
        #expect(LineHistory(file: file).lines.last == Bytes(ascii: "1999"))
    }
}
