import P2PProtocol
import Testing

@Suite struct NameTests {
    @Test(
        "takes any bytes that are a relative path [attack A40] [attack A43] [attack A44] [attack A47] [attack A48]",
        arguments: [
            "a", "song.mp3", "-rf", ".bashrc", "~/x", "...", "C:\\x", "..\\x", "CON", "a:b", " ", "a b/c d",
            "$(touch x)",
            "%s%n", "'\"", "a\nb", "\u{1B}[2J", "\u{202E}gpj.exe", "a/\u{301}b", "..\u{301}/etc",
        ])
    func accepts(text: String) throws {
        let bytes = Bytes(text.utf8)
        #expect(try Name(bytes).bytes == bytes)
        #expect(Name(validating: bytes)?.bytes == bytes)
    }

    @Test(
        "refuses what is no relative path [attack A40] [attack A43] [attack A49]",
        arguments: [
            ("", "name is empty"), ("/abs", "name is not relative"), ("/", "name is not relative"),
            ("a/", "name has an empty component"), ("a//b", "name has an empty component"),
            (".", "name has a component ."), ("..", "name has a component .."), ("../../x", "name has a component .."),
            ("a/../../x", "name has a component .."), ("a/.", "name has a component ."),
            ("a\0b", "name contains a NUL byte"),
        ])
    func refuses(text: String, fault: String) {
        #expect(throws: WireError(fault)) { try Name(Bytes(text.utf8)) }
        #expect(Name(validating: text.utf8) == nil)
    }

    @Test("is at most 1,024 bytes long [attack A42]", arguments: [255, 256, 1_023, 1_024, 1_025, 4_096, 65_535])
    func length(count: Int) {
        let bytes = Bytes(repeating: UInt8(ascii: "a"), count: count)
        #expect((Name(validating: bytes) != nil) == (count <= 1_024))
    }

    @Test("is its bytes: forms, cases and broken encodings stay apart [attack A44] [attack A45] [attack A46]")
    func identity() {
        let names = [
            Bytes("caf\u{E9}".utf8), Bytes("cafe\u{301}".utf8), Bytes("Caf\u{E9}".utf8), [0xFF], [0xFE], [0xC0, 0xAE],
            [0xED, 0xA0, 0x80],
        ]
        #expect(Set(names.compactMap { Name(validating: $0) }).count == names.count)
    }

    @Test("has the parts between its slashes, split by bytes [attack A41]")
    func components() throws {
        let name = try Name(Bytes("a/\u{301}b/c.mp3".utf8))
        #expect(
            name.components.map { Bytes($0) } == [Bytes(ascii: "a"), Bytes("\u{301}b".utf8), Bytes(ascii: "c.mp3")])
        #expect(Bytes(name.lastComponent) == Bytes(ascii: "c.mp3"))
        #expect(Bytes(try Name(Bytes(ascii: "plain")).lastComponent) == Bytes(ascii: "plain"))
    }

    @Test("orders bytewise")
    func order() throws {
        let names = try ["b", "a/b", "a", "B"].map { try Name(Bytes($0.utf8)) }
        #expect(names.sorted().map { String(decoding: $0.bytes, as: UTF8.self) } == ["B", "a", "a/b", "b"])
    }
}
