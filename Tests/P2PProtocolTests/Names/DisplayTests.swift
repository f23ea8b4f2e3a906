import P2PProtocol
import TestSupport
import Testing

@Suite struct DisplayTests {
    @Test(
        "shows what is not printable escaped [attack A43] [attack A47] [attack A69] [attack A72]",
        arguments: [
            ("Calm Sea.mp3", "Calm Sea.mp3"), ("été 漢字 🎉", "été 漢字 🎉"), ("\u{1B}[2J", "\\x1b[2J"),
            ("\u{1B}]52;c;eA==\u{7}", "\\x1b]52;c;eA==\\x07"),
            ("\u{1B}]8;;http://x\u{1B}\\", "\\x1b]8;;http://x\\x1b\\"),
            ("\u{1B}P1\u{9C}", "\\x1bP1\\u{9c}"), ("\u{9B}2J", "\\u{9b}2J"),
            ("a\r\nb\t\0\u{7F}", "a\\x0d\\x0ab\\x09\\x00\\x7f"),
            ("\u{202E}gpj.exe", "\\u{202e}gpj.exe"), ("a\u{2066}b\u{200F}\u{61C}", "a\\u{2066}b\\u{200f}\\u{61c}"),
            ("a\u{200B}b\u{FEFF}c\u{AD}\u{2060}", "a\\u{200b}b\\u{feff}c\\u{ad}\\u{2060}"),
            ("a\u{2028}b\u{2029}\u{85}", "a\\u{2028}b\\u{2029}\\u{85}"),
            ("\u{E0041}\u{FFF9}\u{3164}", "\\u{e0041}\\u{fff9}\\u{3164}"),
            ("\u{FFFE}\u{10FFFF}", "\\u{fffe}\\u{10ffff}"), ("\u{301}a", " \u{301}a"), ("e\u{301}", "e\u{301}"),
            ("", ""), ("a\\b", "a\\b"),
        ])
    func escapes(text: String, shown: String) {
        #expect(Bytes(display(text.utf8).utf8) == Bytes(shown.utf8))
    }

    @Test("shows bytes that are no UTF-8 by number, so that such names differ [attack A44]")
    func invalid() {
        #expect(display([0x61, 0xFF] as Bytes) == "a\\xff")
        #expect(display([0xC0, 0xAE] as Bytes) == "\\xc0\\xae")
        #expect(display([0xED, 0xA0, 0x80] as Bytes) == "\\xed\\xa0\\x80")
    }

    @Test(
        "counts the columns of a terminal [attack A70]",
        arguments: [
            ("", 0), ("abc", 3), ("é", 1), ("e\u{301}\u{323}", 1), ("漢字", 4), ("カナ", 4), ("한", 2), ("ｶﾅ", 2), ("🎉", 2),
            ("\u{1112}\u{1161}\u{11AB}", 2), ("\u{202E}", 8), ("\u{1B}", 4), ("שלום", 4), ("か\u{3099}", 2),
            ("❤\u{FE0F}", 1),
        ])
    func columns(text: String, columns: Int) {
        #expect(Display.columns(of: text) == columns)
        #expect(Display.columns(of: text.utf8) == columns)
    }

    @Test(
        "takes what is too wide from the middle [attack A70]",
        arguments: [
            ("Calm Sea.mp3", 12, "Calm Sea.mp3"), ("Calm Sea.mp3", 11, "Calm …a.mp3"), ("abcdef", 5, "ab…ef"),
            ("abcdef", 4, "ab…f"), ("abcdef", 1, "…"), ("abcdef", 0, ""), ("abcdef", -1, ""), ("漢字漢字", 7, "漢字…字"),
            ("漢字漢字", 5, "漢…字"), ("漢字漢字", 4, "漢…"), ("ab\u{1B}cd", 7, "ab…cd"),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
        ])
    func shortens(text: String, width: Int, shown: String) {
        #expect(Bytes(display(text.utf8, width: width).utf8) == Bytes(shown.utf8))
    }

    @Test(
        "fills a column of a table exactly [attack A70]", arguments: ["a", "漢字", "漢a字b漢c", "\u{301}", "\u{1B}[0m漢", ""])
    func padded(text: String) {
        for width in 1...9 { #expect(Display.columns(of: Display.padded(text.utf8, to: width)) == width) }
    }

    @Test(
        "nothing that is shown can steer a terminal; showing it twice changes nothing", arguments: [1, 2] as [UInt64])
    func printable(seed: UInt64) {
        var random = Seeded(seed: seed)
        for _ in 0..<2_000 {
            let count = Int.random(in: 0...30, using: &random)
            let name =
                NameBytes.any(using: &random) + (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            let width = Int.random(in: 0...60, using: &random)
            let shown = display(name, width: width)
            #expect(!shown.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
            #expect(Display.columns(of: shown) <= width)
            #expect(display(shown.utf8) == shown)
        }
    }

    @Test("is how a name stands in a message")
    func description() throws {
        #expect("\(try Name(Bytes("\u{1B}x".utf8)))" == "\\x1bx")
    }
}
