import P2PProtocol
import P2PRuntime
import Testing

@Suite struct ByteSizeTests {
    @Test(
        "sizes are digits with at most one suffix",
        arguments: [
            ("0", 0), ("1", 1), ("1k", 1_024), ("64K", 65_536), ("10M", 10 << 20), ("3G", 3 << 30), ("2T", 2 << 40),
            ("8388607T", 8_388_607 << 40), ("8388608T", nil), ("9223372036854775808", nil), ("", nil), ("K", nil),
            ("1KB", nil), ("-1", nil), ("+1K", nil), ("1.5G", nil), ("1 K", nil), ("1+", nil), ("\u{0B}", nil),
        ] as [(String, Int?)])
    func parsing(text: String, count: Int?) {
        #expect(ByteSize.parse(Array(text.utf8)) == count)
    }

    @Test(
        "what is printed reads back", arguments: [0, 1, 1_000, 1_024, 1_536, 32 << 20, (1 << 30) + 1, 5 << 40, Int.max])
    func roundTrip(count: Int) {
        #expect(ByteSize.parse(Array(ByteSize.text(count).utf8)) == count)
    }
}
