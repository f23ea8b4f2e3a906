package import P2PProtocol
internal import P2PRuntime

extension TitleComparison {
    /// The title, and a line for each field with what every server says; where they differ the line begins with `*`.
    package func text(width: Int?) -> String {
        let name = display(title, width: width)
        guard servers.count > 1 else {
            return "\(name)\n" + rows.map { "  \(display($0.field)): \(display($0.values[0] ?? []))\n" }.joined()
        }
        var table = TextTable(
            Array(repeating: TextTable.Column(""), count: servers.count + 1))
        table.add(
            [[]]
                + zip(servers, knows).map { server, knows in
                    Bytes("\(server)\(knows ? "" : " (unknown)")".utf8)
                })
        // A long value leaves the others their room.
        let room = width.map { max(12, ($0 - 20) / servers.count - 2) }
        for row in rows {
            let mark = Bytes(ascii: row.differs ? "* " : "  ")
            let field = display(row.field, width: width.map { _ in 18 })
            table.add(
                [mark + Bytes(field.utf8)]
                    + row.values.map { value in
                        value.map { Bytes(display($0, width: room).utf8) } ?? Bytes(ascii: "-")
                    })
        }
        let lines = table.lines(width: width).dropFirst().map { "\(Self.withoutBlanks($0))\n" }
        return "\(name)\(differs ? "  (the servers differ)" : "")\n" + lines.joined()
    }

    /// For programs: what each server says, and whether they differ.
    package var json: JSON {
        let answers = servers.indices.map { column in
            let fields = rows.compactMap { row in
                row.values[column].map { JSON.Member(row.field, .string($0)) }
            }
            return JSON.object([
                JSON.Member("server", .text("\(servers[column])")),
                JSON.Member("fields", knows[column] ? .object(fields) : .null),
            ])
        }
        return .object(
            JSON.members(name: title, key: "title") + [
                JSON.Member("differs", .bool(differs)), JSON.Member("servers", .array(answers)),
            ])
    }

    private static func withoutBlanks(_ line: String) -> Substring {
        line[..<(line.lastIndex { $0 != " " }.map { line.index(after: $0) } ?? line.startIndex)]
    }
}

extension MenuText {
    /// What came of telling the servers something about a title.
    package static func changes(_ answer: GroupAnswer<TitleChange>, isSingle: Bool) -> String {
        answer.answers.map { server, change in isSingle ? "\(change.text)\n" : "\(server): \(change.text)\n" }.joined()
    }
}
