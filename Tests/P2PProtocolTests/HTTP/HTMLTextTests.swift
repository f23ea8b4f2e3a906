import P2PProtocol
import Testing

@Suite struct HTMLTextTests {
    @Test(
        "makes text harmless",
        arguments: [
            (Bytes(ascii: "<script>alert('x')</script>"), "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"),
            (Bytes(ascii: "a & \"b\""), "a &amp; &quot;b&quot;"),
            (Bytes("caf\u{e9} \u{1F426}".utf8), "caf\u{e9} \u{1F426}"),
            (Bytes("a\r\n\u{0}\u{1b}\u{85}b".utf8), "a\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}b"),
            (Bytes("\u{202E}gpj.exe\u{2066}".utf8), "\u{FFFD}gpj.exe\u{FFFD}"),
            ([0x61, 0xFF, 0x62], "a\u{FFFD}b"),
            ([], ""),
        ])
    func escape(bytes: Bytes, expected: String) {
        #expect(HTMLText.escape(bytes) == Bytes(expected.utf8))
    }
}
