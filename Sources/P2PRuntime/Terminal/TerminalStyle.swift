/// Colour where somebody sees it, and nowhere else.
package struct TerminalStyle: Sendable {
    /// What a colour says.
    package enum Meaning: String, Sendable {
        case heading = "1"
        case aside = "2"
        case bad = "31"
        case good = "32"
        case careful = "33"
    }

    /// Whether text is coloured at all.
    package let isColoured: Bool

    /// `NO_COLOR` (any value but an empty one) and a `dumb` or unnamed terminal mean none; so does a pipe.
    package init(isTerminal: Bool, environment: (String) -> String? = Process.environment) {
        let isRefused = environment("NO_COLOR")?.isEmpty == false
        isColoured = isTerminal && !isRefused && Self.canMoveCursor(environment)
    }

    /// Whether the terminal takes escape sequences at all.
    package static func canMoveCursor(_ environment: (String) -> String? = Process.environment) -> Bool {
        let terminal = environment("TERM") ?? ""
        return terminal != "dumb" && !terminal.isEmpty
    }

    /// The text in its colour. It must be printable already: `display(…)` makes it so.
    package func paint(_ text: String, _ meaning: Meaning) -> String {
        isColoured ? "\u{1B}[\(meaning.rawValue)m\(text)\u{1B}[0m" : text
    }
}
