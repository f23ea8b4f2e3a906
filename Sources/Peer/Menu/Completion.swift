package import P2PProtocol
package import P2PRuntime

/// How a line of the menu that has been begun could go on.
package enum Completion: Equatable, Sendable {
    /// With one of these.
    case words([LineEditor.Suggestion])
    /// With a title: what stands before it, and what there is of it.
    case title(command: Bytes, beginning: Bytes)

    /// For what stands before the cursor.
    package init(of text: Bytes) {
        let command = text.prefix { $0 != UInt8(ascii: " ") }
        guard command.count < text.count else {
            let words = MenuItem.allCases.map { Bytes($0.word.utf8.prefix { $0 != UInt8(ascii: " ") }) }
            self = .words(
                words.filter { $0.starts(with: command) }
                    .map { LineEditor.Suggestion(line: $0 + [UInt8(ascii: " ")], label: $0) })
            return
        }
        guard let item = MenuItem(word: Bytes(command)), item.takesTitle else {
            self = .words([])
            return
        }
        let beginning = text.dropFirst(command.count).drop { $0 == UInt8(ascii: " ") }
        self = .title(command: Bytes(text.dropLast(beginning.count)), beginning: Bytes(beginning))
    }

    /// The query that finds the titles: its words, the last of them as the beginning of one; nil for nothing to find.
    package static func query(for beginning: Bytes) -> Bytes? {
        let folded = Folding.fold(beginning)
        let words = Words(folded).map { Bytes(folded[$0]) }
        guard let last = words.last else { return nil }
        return Bytes((words.dropLast() + [last + [UInt8(ascii: "*")]]).joined(separator: [UInt8(ascii: " ")]))
    }

    /// The titles that begin so, as paths or by their last components, as suggestions.
    package static func suggestions(
        _ titles: [Bytes], for command: Bytes, _ beginning: Bytes
    ) -> [LineEditor.Suggestion] {
        let key = Folding.fold(beginning)
        var known: Set<Bytes> = []
        return titles.compactMap { title in
            let last = Path.lastComponent(of: title)
            guard let match = [title, last].first(where: { Folding.fold($0).starts(with: key) }),
                known.insert(match).inserted
            else { return nil }
            return LineEditor.Suggestion(line: command + match, label: match)
        }
    }
}
