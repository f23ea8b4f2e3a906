import P2PProtocol
import Peer
import Testing

@Suite struct IgnorePatternTests {
    @Test(
        "stars and question marks stand for bytes of one component, letters for both cases",
        arguments: [
            ("*.tmp", "a.tmp", true), ("*.tmp", "x/y/a.TMP", true), ("*.tmp", ".tmp", true), ("*.tmp", "a.tmp2", false),
            ("*.tmp", "a.tmp/b", false), ("Thumbs.db", "THUMBS.DB", true), ("Thumbs.db", "xThumbs.db", false),
            ("a?c", "abc", true), ("a?c", "ac", false), ("?", "é", false), ("*~", "~", true), ("*", "anything", true),
            ("", "a", false), ("a*b*c", "aXbYbZc", true), ("a*b*c", "aXbYbZ", false), ("**a**", "bab", true),
            ("raw/*", "raw/x", true), ("raw/*", "raw/x/y", false), ("raw/*", "a/raw/x", false),
            ("*/raw", "a/raw", true), ("a*/b", "a/x/b", false), ("a?b/", "a/b/", false), ("*.ä", "x.ä", true),
            ("[a]", "a", false),
        ])
    func matches(pattern: String, path: String, isMeant: Bool) {
        #expect(IgnorePattern(Bytes(pattern.utf8)).matches(Bytes(path.utf8)) == isMeant)
    }

    @Test("bytes that are no text match themselves")
    func bytes() {
        #expect(IgnorePattern([0xFF, 0x2A]).matches([0xFF, 0x0A, 0xFE]))
        #expect(!IgnorePattern([0xFF]).matches([0xFE]))
    }

    @Test("a pattern of stars costs no more than its length times the name's")
    func stars() {
        let pattern = Bytes(String(repeating: "*a", count: 500).utf8) + Bytes("b".utf8)
        #expect(!IgnorePattern(pattern).matches(Bytes(repeating: UInt8(ascii: "a"), count: 1_024)))
    }
}
