import P2PProtocol
import P2PRuntime
import Testing

@Suite struct TextTableTests {
    private func table(_ rows: [[String]]) -> TextTable {
        var table = TextTable([
            TextTable.Column("NAME", isElastic: true), TextTable.Column("SIZE", alignsRight: true),
            TextTable.Column("PEER"),
        ])
        for row in rows { table.add(row.map { Array($0.utf8) }) }
        return table
    }

    @Test("columns are as wide as their widest cell, also with wide and combining letters [attack A70]")
    func alignment() {
        let lines = table([["calm", "1.5 GiB", "ann"], ["日本", "3 B", "e\u{301}va"], ["x"]]).lines(width: nil)
        #expect(lines == ["NAME     SIZE  PEER", "calm  1.5 GiB  ann", "日本      3 B  e\u{301}va", "x              "])
    }

    @Test("names are shown escaped [attack A69]")
    func escaping() {
        #expect(table([["\u{1B}[2J\n"]]).lines(width: nil)[1].hasPrefix(#"\x1b[2J\x0a"#))
    }

    @Test("the elastic column gives way where the table is too wide, down to a readable rest", arguments: [40, 30, 5])
    func narrow(width: Int) {
        let lines = table([[String(repeating: "abc", count: 30) + ".flac", "1.5 GiB", "ann"]]).lines(width: width)
        for line in lines { #expect(Display.columns(of: line) <= max(width, 12 + 2 + 7 + 2 + 4)) }
        #expect(lines[1].contains("…"))
        #expect(lines[1].hasSuffix("1.5 GiB  ann"))
    }
}
