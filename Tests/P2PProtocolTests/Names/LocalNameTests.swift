import P2PProtocol
import TestSupport
import Testing

@Suite struct LocalNameTests {
    @Test(
        "keeps the last component and makes it harmless [attack A40] [attack A41] [attack A47] [attack A48] [attack A52]",
        arguments: [
            ("a/b/song.mp3", "song.mp3"), ("C:\\x", "C:_x"), ("\\\\srv\\x", "__srv_x"), ("~/x", "x"), ("-rf", "_rf"),
            (".ssh/authorized_keys", "authorized_keys"), (".bashrc", "_bashrc"), ("..foo", "_.foo"),
            ("..\u{301}/etc", "etc"), ("a/\u{301}b", "\u{301}b"), ("\u{202E}gpj.exe", "\u{202E}gpj.exe"),
            ("a\u{2028}b", "a\u{2028}b"), ("CON", "CON"), ("nul.txt", "nul.txt"), ("COM1.mp3", "COM1.mp3"),
            ("x. ", "x. "), ("a:b", "a:b"), ("$(touch x)", "$(touch x)"), ("`id`;rm", "`id`;rm"),
            ("%s%n'\"", "%s%n'\""),
            (" x", " x"), ("caf\u{E9}", "caf\u{E9}"), ("cafe\u{301}", "cafe\u{301}"),
        ])
    func lastComponent(text: String, local: String) throws {
        #expect(LocalName(lastComponentOf: try Name(Bytes(text.utf8))).bytes == Bytes(local.utf8))
    }

    @Test(
        "replaces controls, raw ones too [attack A43]",
        arguments: [
            ("a\0b", "a_b"), ("a\nb\rc\td", "a_b_c_d"), ("\u{1B}[2J", "_[2J"), ("a\u{7F}", "a_"),
            ("a\u{80}b\u{9F}", "a_b_"), ("../x", "_._x"), ("/abs", "_abs"),
        ])
    func controls(text: String, local: String) {
        #expect(LocalName(component: text.utf8).bytes == Bytes(local.utf8))
    }

    @Test("keeps bytes that are no UTF-8, but no raw controls [attack A44]")
    func invalid() {
        #expect(LocalName(component: [0x61, 0xFF] as Bytes).bytes == [0x61, 0xFF])
        #expect(LocalName(component: [0xC0, 0xAE] as Bytes).bytes == [0xC0, 0xAE])
        #expect(LocalName(component: [0x61, 0x9B, 0x62] as Bytes).bytes == Bytes(ascii: "a_b"))
    }

    @Test(
        "writes a line for each byte of a name of nothing [attack A49]",
        arguments: [("", "_"), (".", "_"), ("..", "__"), ("   ", "___"), (". .", "___"), ("....", "____")])
    func blank(text: String, local: String) {
        #expect(LocalName(component: text.utf8).bytes == Bytes(local.utf8))
    }

    @Test(
        "is at most 255 bytes long and keeps its extension [attack A42]", arguments: [255, 256, 1_024, 4_096, 65_535])
    func length(count: Int) {
        let stem = Bytes(repeating: UInt8(ascii: "a"), count: count - 4)
        let local = LocalName(component: stem + Bytes(ascii: ".mp3"))
        #expect(local.bytes.count == 255)
        #expect(local.bytes.suffix(4) == Bytes(ascii: ".mp3")[...])
        #expect(local.numbered(12).bytes.count == 255)
        #expect(local.numbered(12).bytes.suffix(10) == Bytes(ascii: "a (12).mp3")[...])
    }

    @Test("is as short as it is wanted, and keeps its extension", arguments: [143, 40])
    func shorter(limit: Int) {
        let name = Bytes(repeating: UInt8(ascii: "a"), count: 200) + Bytes(ascii: ".mp3")
        let local = LocalName(component: name, atMost: limit)
        #expect(local.bytes.count == limit && local.bytes.suffix(4) == Bytes(ascii: ".mp3")[...])
        let second = local.numbered(2, atMost: limit)
        #expect(second.bytes.count == limit && second.bytes.suffix(8) == Bytes(ascii: " (2).mp3")[...])
    }

    @Test("is cut between two characters [attack A42]", arguments: ["é", "漢", "🎉"], 0...3)
    func boundary(character: String, shift: Int) {
        let text = String(repeating: "x", count: shift) + String(repeating: character, count: 200) + ".flac"
        let local = LocalName(component: text.utf8)
        #expect(local.bytes.count <= 255 && local.bytes.count > 255 - character.utf8.count)
        #expect(UTF8Scalar.isValid(local.bytes))
        #expect(UTF8Scalar.isValid(local.numbered(2).bytes))
    }

    @Test(
        "numbers before the extension [attack A45] [attack A46]",
        arguments: [
            ("song.mp3", "song (2).mp3"), ("song", "song (2)"), ("_bashrc", "_bashrc (2)"),
            ("a.tar.gz", "a.tar (2).gz"),
            ("a.an extension that is too long to be any", "a.an extension that is too long to be any (2)"),
        ])
    func numbered(text: String, numbered: String) {
        #expect(LocalName(component: text.utf8).numbered(2).bytes == Bytes(numbered.utf8))
    }

    @Test("makes every component of a folder's path harmless")
    func relativePath() throws {
        let name = try Name(Bytes(".git/...../-x\n/song.mp3".utf8))
        #expect(LocalName.relativePath(of: name) == Bytes(ascii: "_git/_____/_x_/song.mp3"))
        #expect(Name(validating: LocalName.relativePath(of: name)) != nil)
    }

    @Test("making it twice changes nothing", arguments: [1, 2, 3] as [UInt64])
    func idempotent(seed: UInt64) {
        var random = Seeded(seed: seed)
        for _ in 0..<2_000 {
            let blanks = Bytes(repeating: UInt8(ascii: " "), count: Int.random(in: 0...1, using: &random) * 260)
            let component = blanks + NameBytes.any(using: &random) + NameBytes.any(using: &random)
            let once = LocalName(component: component)
            #expect(LocalName(component: once.bytes) == once)
            #expect((1...255).contains(once.bytes.count))
            #expect(!once.bytes.contains { $0 < 0x20 || $0 == UInt8(ascii: "/") })
            #expect(once.bytes.first != UInt8(ascii: ".") && once.bytes.first != UInt8(ascii: "-"))
            #expect(LocalName(component: once.numbered(7).bytes) == once.numbered(7))
        }
    }
}
