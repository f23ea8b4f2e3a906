import P2PProtocol
import P2PRuntime
import Testing

/// What a terminal makes of a drawing: the row, and where the cursor stands in it.
struct EditorScreen: Equatable {
    let row: String
    let cursor: Int

    init(_ editor: LineEditor, prompt: String, width: Int) {
        let parts = editor.drawing(after: prompt, width: width).components(at: "\u{1B}[K\r")
        row = parts.first ?? ""
        cursor = Int(parts.last?.filter(\.isNumber) ?? "") ?? 0
    }
}

extension String {
    fileprivate func components(at separator: String) -> [String] {
        guard let range = firstRange(of: separator) else { return [self] }
        return [String(self[..<range.lowerBound]), String(self[range.upperBound...])]
    }
}

@Suite struct LineEditorTests {
    private func typed(_ text: String) -> [Key] { Display.characters(of: Bytes(text.utf8)).map { .text($0) } }

    /// The line with its cursor as `|`.
    private func show(_ editor: LineEditor) -> String {
        let screen = EditorScreen(editor, prompt: "", width: 200)
        return String(screen.row.prefix(screen.cursor)) + "|" + String(screen.row.dropFirst(screen.cursor))
    }

    @Test(
        "keys change the line",
        arguments: [
            ("", [], "|"), ("abc", [], "abc|"), ("abc", [.left, .left], "a|bc"), ("abc", [.home, .right], "a|bc"),
            ("abc", [.home, .left], "|abc"), ("abc", [.right], "abc|"), ("abc", [.left, .backspace], "a|c"),
            ("abc", [.home, .backspace], "|abc"), ("abc", [.home, .delete], "|bc"), ("abc", [.delete], "abc|"),
            ("abc", [.home, .endOfInput], "|bc"), ("a bc d", [.wordLeft], "a bc |d"),
            ("a bc d", [.wordLeft, .wordLeft], "a |bc d"), ("a bc d", [.home, .wordRight, .wordRight], "a bc| d"),
            ("a bc  ", [.cutWord], "a |"), ("a bc", [.cutWord, .cutWord, .cutWord], "|"),
            ("a bc", [.left, .cutToStart], "|c"), ("a bc", [.home, .right, .cutToEnd], "a|"),
            ("a bc", [.cutWord, .home, .paste, .paste], "bcbc|a "),
            ("abc", [.cutToStart, .cutToStart, .paste], "abc|"),
        ] as [(String, [Key], String)])
    func changes(_ text: String, _ keys: [Key], _ expected: String) {
        var editor = LineEditor()
        for key in typed(text) + keys { #expect(editor.take(key) == .edited) }
        #expect(show(editor) == expected)
    }

    @Test("a mark belongs to its character, however it comes")
    func marks() {
        var editor = LineEditor()
        for key in [Key.text(Bytes("e".utf8)), .text(Bytes("\u{301}".utf8)), .text(Bytes("x".utf8)), .left] {
            _ = editor.take(key)
        }
        #expect(EditorScreen(editor, prompt: "> ", width: 80) == EditorScreen(editor, prompt: "> ", width: 20))
        #expect(EditorScreen(editor, prompt: "> ", width: 80).cursor == 3)
        _ = editor.take(.backspace)
        #expect(editor.line == Bytes("x".utf8))
    }

    @Test("Enter gives the line, the end of input only when nothing has been typed")
    func ends() {
        var editor = LineEditor()
        #expect(editor.take(.endOfInput) == .ended)
        _ = editor.take(.text([0x61]))
        #expect(editor.take(.endOfInput) == .edited)
        #expect(editor.take(.enter) == .finished([0x61]))
    }

    @Test("earlier lines are called up, and what was typed is not lost")
    func history() {
        var editor = LineEditor(after: [Bytes(ascii: "one"), Bytes(ascii: "two")])
        for key in typed("new") + [.left] { _ = editor.take(key) }
        var shown: [String] = []
        for key in [Key.up, .up, .up, .down, .down, .down] {
            _ = editor.take(key)
            shown.append(show(editor))
        }
        #expect(shown == ["two|", "one|", "one|", "two|", "new|", "new|"])
    }

    @Test("what suggestions have in common is put in, then they are the choices")
    func completion() {
        func suggestion(_ line: String) -> LineEditor.Suggestion {
            LineEditor.Suggestion(line: Bytes(line.utf8), label: Bytes(line.utf8))
        }
        var editor = LineEditor()
        for key in typed("get ca") + [.left] { _ = editor.take(key) }
        #expect(editor.take(.tab) == .wantsSuggestions(Bytes(ascii: "get c")))
        _ = editor.take(.end)
        let both = [suggestion("get Calm Sea.flac"), suggestion("get Calm Sky.flac")]
        #expect(editor.complete(both) == [])
        #expect(show(editor) == "get Calm S|")
        #expect(editor.complete(both) == [Bytes(ascii: "get Calm Sea.flac"), Bytes(ascii: "get Calm Sky.flac")])
        #expect(show(editor) == "get Calm S|")
        #expect(editor.complete([both[0]]) == [])
        #expect(show(editor) == "get Calm Sea.flac|")
        #expect(editor.complete([]) == [])
        #expect(show(editor) == "get Calm Sea.flac|")
    }

    @Test("a long line stays in one row, with the cursor in it", arguments: [8, 20, 80])
    func width(_ width: Int) {
        var editor = LineEditor()
        for key in typed(String(repeating: "ab水", count: 50)) { _ = editor.take(key) }
        for _ in 0..<151 {
            let screen = EditorScreen(editor, prompt: "> ", width: width)
            #expect(Display.columns(of: screen.row) < width)
            #expect(screen.cursor <= Display.columns(of: screen.row))
            #expect(screen.row.hasPrefix("> "))
            _ = editor.take(.left)
        }
        #expect(EditorScreen(editor, prompt: "> ", width: width).cursor == 2)
    }

    @Test("[attack A69] what is typed is shown escaped")
    func escaped() {
        var editor = LineEditor()
        _ = editor.take(.text([0xFF]))
        _ = editor.take(.text(Bytes("\u{202E}".utf8)))
        #expect(EditorScreen(editor, prompt: "> ", width: 80).row == "> \\xff\\u{202e}")
    }
}
