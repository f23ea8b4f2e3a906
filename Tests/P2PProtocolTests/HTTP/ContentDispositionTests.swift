import P2PProtocol
import Testing

@Suite struct ContentDispositionTests {
    static let names: [(Bytes, String)] = [
        (Bytes(ascii: "song.mp3"), "inline; filename=\"song.mp3\""),
        (Bytes(ascii: "music/a b.mp3"), "inline; filename=\"a b.mp3\""),
        (Bytes("caf\u{e9}.txt".utf8), "inline; filename=\"caf__.txt\"; filename*=UTF-8''caf%C3%A9.txt"),
        (Bytes(ascii: "a\"b.txt"), "inline; filename=\"a_b.txt\"; filename*=UTF-8''a%22b.txt"),
        (Bytes(ascii: "a\\b.txt"), "inline; filename=\"a_b.txt\"; filename*=UTF-8''a%5Cb.txt"),
        (Bytes(ascii: "100%.txt"), "inline; filename=\"100_.txt\"; filename*=UTF-8''100%25.txt"),
        (Bytes(ascii: "a\r\nX: y"), "inline; filename=\"a__X: y\""),
        (Bytes(ascii: "a\u{1b}[2J\u{7f}\u{9}"), "inline; filename=\"a_[2J__\""),
        (Bytes(ascii: "a;b='c'.txt"), "inline; filename=\"a;b='c'.txt\""),
        ([0x61, 0xFF, 0xC0, 0xAE], "inline; filename=\"a___\""),
        ([0xED, 0xA0, 0x80], "inline; filename=\"___\""),
        (Bytes(ascii: "folder/"), "inline"),
        ([], "inline"),
    ]

    @Test("names the file without a raw byte of the name's own choosing [attack A41h]", arguments: names)
    func field(name: Bytes, expected: String) {
        #expect(ContentDisposition.inline(name) == Bytes(expected.utf8))
    }

    @Test("lets no byte at all break the line or the quotes [attack A41h]")
    func everyByte() {
        for byte in UInt8.min...UInt8.max {
            let value = ContentDisposition.attachment([UInt8(ascii: "a"), byte, UInt8(ascii: "b")])
            #expect(value.starts(with: Bytes(ascii: "attachment; filename=\"")))
            #expect(value.allSatisfy { $0 >= 32 && $0 < 127 })
            #expect(value.count { $0 == UInt8(ascii: "\"") } == 2)
        }
    }
}
