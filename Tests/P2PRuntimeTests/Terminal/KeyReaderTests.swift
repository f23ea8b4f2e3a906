import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

@Suite struct KeyReaderTests {
    private func keys(_ bytes: Bytes) -> [Key] {
        var reader = KeyReader()
        return bytes.compactMap { reader.take($0) }
    }

    @Test(
        "what terminals send",
        arguments: [
            ("a", [.text(Bytes(ascii: "a"))]), ("\n", [.enter]), ("\r", [.enter]), ("\t", [.tab]),
            ("\u{7F}", [.backspace]), ("\u{8}", [.backspace]), ("\u{1}", [.home]), ("\u{5}", [.end]),
            ("\u{4}", [.endOfInput]), ("\u{B}", [.cutToEnd]), ("\u{15}", [.cutToStart]), ("\u{17}", [.cutWord]),
            ("\u{19}", [.paste]), ("\u{C}", [.clearScreen]), ("\u{10}\u{E}", [.up, .down]),
            ("\u{1B}[A\u{1B}[B\u{1B}[C\u{1B}[D", [.up, .down, .right, .left]),
            ("\u{1B}OA\u{1B}OH\u{1B}OF", [.up, .home, .end]), ("\u{1B}[H\u{1B}[F", [.home, .end]),
            ("\u{1B}[1~\u{1B}[4~\u{1B}[7~\u{1B}[8~\u{1B}[3~", [.home, .end, .home, .end, .delete]),
            ("\u{1B}[1;5C\u{1B}[1;3D\u{1B}b\u{1B}f", [.wordRight, .wordLeft, .wordLeft, .wordRight]),
            ("\u{1B}\u{7F}", [.cutWord]),
            // What means nothing is nothing, and what follows it counts.
            ("\u{1B}[200~x\u{1B}[15~y\u{1B}zq\u{0}\u{1}", [.text([0x78]), .text([0x79]), .text([0x71]), .home]),
            ("\u{1B}\u{1B}[A", [.up]),
            ("é水🐦", [.text(Bytes("é".utf8)), .text(Bytes("水".utf8)), .text(Bytes("🐦".utf8))]),
        ] as [(String, [Key])])
    func meaning(_ typed: String, _ expected: [Key]) {
        #expect(keys(Bytes(typed.utf8)) == expected)
    }

    @Test("a character that is cut off, or is none, does not take the next with it")
    func broken() {
        #expect(keys([0xC3, 0x61]) == [.text([0x61])])
        #expect(keys([0xE2, 0x82, 0x0D]) == [.enter])
        #expect(keys([0xFF, 0x80, 0x62]) == [.text([0xFF]), .text([0x80]), .text([0x62])])
    }

    @Test("a sequence without end is given up")
    func endless() {
        let typed = Bytes(ascii: "\u{1B}[") + Bytes(repeating: UInt8(ascii: "1"), count: 100_000) + [0x61]
        #expect(keys(typed).last == .text([0x61]))
    }

    @Test("any bytes are taken", arguments: 0..<50 as Range<UInt64>)
    func noise(_ seed: UInt64) {
        var seeded = Seeded(seed: seed)
        var (reader, editor) = (KeyReader(), LineEditor(after: [Bytes(ascii: "one"), Bytes("zwei é".utf8)]))
        for _ in 0..<2_000 {
            // Sequences are likelier than by chance.
            let byte =
                [0x1B, 0x5B, 0x31, 0x7E, 0x41, UInt8.random(in: 0...255, using: &seeded)]
                .randomElement(using: &seeded) ?? 0
            guard let key = reader.take(byte) else { continue }
            if case .wantsSuggestions(let text) = editor.take(key) {
                _ = editor.complete([LineEditor.Suggestion(line: text + [0x78], label: [0x78])])
            }
            #expect(Display.columns(of: EditorScreen(editor, prompt: "> ", width: 20).row) < 20)
        }
    }
}
