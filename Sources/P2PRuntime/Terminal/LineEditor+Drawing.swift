internal import P2PProtocol

extension LineEditor {
    /// The line behind its prompt, in one row of `width` columns, and then the way back to the cursor. A line that is too
    /// long shows the part in which the cursor is.
    package func drawing(after prompt: String, width: Int) -> String {
        let start = Display.columns(of: prompt)
        // The last column stays free: a character there would wrap.
        let room = max(1, width - start - 1)
        let columns = characters.map { max(1, Display.columns(of: $0)) }
        var first = 0
        while first < cursor, columns[first..<cursor].reduce(0, +) >= room {
            first = min(cursor, first + max(1, room / 3))
        }
        var used = 0
        let shown = columns[first...].prefix { column in
            used += column
            return used <= room
        }
        let text = characters[first..<first + shown.count].map { display($0) }.joined()
        let position = start + columns[first..<cursor].reduce(0, +)
        return prompt + text + "\u{1B}[K\r" + (position > 0 ? "\u{1B}[\(position)C" : "")
    }
}
