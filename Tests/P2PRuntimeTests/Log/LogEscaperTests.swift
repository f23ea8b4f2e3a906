import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

@Suite struct LogEscaperTests {
    @Test(
        "values are plain where nothing needs care, else quoted with escapes [attack A69] [attack A72]",
        arguments: [
            ("", #""""#), ("10.0.0.7:6699", "10.0.0.7:6699"), ("two words", #""two words""#),
            ("naïve.mp3", "naïve.mp3"), ("日本", "日本"), ("a=b", #""a=b""#),
            ("a\"b", #""a\"b""#), ("a\\b", #""a\\b""#), ("a\nb\r\tc", #""a\nb\r\tc""#),
            ("\u{1B}[2J", #""\x1b[2J""#), ("\u{7}\u{7F}", #""\x07\x7f""#), ("\u{9B}31m", #""\u{9b}31m""#),
            ("\u{202E}gpj.exe", #""\u{202e}gpj.exe""#), ("a\u{200B}b", #""a\u{200b}b""#),
            ("a\u{2028}b", #""a\u{2028}b""#),
            ("a\u{A0}b", #""a\u{a0}b""#), ("a\u{3164}b", #""a\u{3164}b""#), ("\u{FEFF}x", #""\u{feff}x""#),
            ("\u{E000}", #""\u{e000}""#), ("e\u{301}", "e\u{301}"),
        ])
    func table(value: String, escaped: String) {
        #expect(String(decoding: LogEscaper.escape(Array(value.utf8)), as: UTF8.self) == escaped)
    }

    @Test(
        "bytes that are no text are shown one by one",
        arguments: [
            ([0x61, 0xFF, 0x62], #""a\xffb""#), ([0xC3], #""\xc3""#), ([0xE2, 0x82], #""\xe2\x82""#),
            ([0xC0, 0xAF], #""\xc0\xaf""#), ([0xED, 0xA0, 0x80], #""\xed\xa0\x80""#), ([0], #""\x00""#),
        ] as [(Bytes, String)])
    func invalid(value: Bytes, escaped: String) {
        #expect(String(decoding: LogEscaper.escape(value), as: UTF8.self) == escaped)
    }

    @Test(
        "a value takes at most a kibibyte of the line and says that it was cut [attack A72]",
        arguments: [0x61, 0xFF, 0x20])
    func ceiling(byte: UInt8) {
        let escaped = LogEscaper.escape(Bytes(repeating: byte, count: 1 << 20))
        #expect(escaped.count <= LogEscaper.ceiling)
        #expect(String(decoding: escaped, as: UTF8.self).contains("…"))
    }

    @Test("whatever the bytes, a value is one printable piece of text")
    func random() {
        var random = Seeded(seed: 7)
        for _ in 0..<500 {
            let value = (0..<Int.random(in: 0...64, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            let escaped = LogEscaper.escape(value)
            let text = String(validating: escaped, as: UTF8.self)
            #expect(text?.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } == true)
            let isQuoted = escaped.first == UInt8(ascii: "\"") && escaped.last == UInt8(ascii: "\"")
            #expect(isQuoted || !escaped.contains(UInt8(ascii: " ")))
        }
    }
}
