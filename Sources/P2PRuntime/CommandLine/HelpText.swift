/// What `--help` prints: made from the table, in 80 columns; a command's page in 24 lines.
package enum HelpText {
    /// The program's page.
    package static func page(for program: Program) -> String {
        var page = "\(program.name): \(program.purpose)\nUSAGE  \(program.name) [COMMAND] [OPTION…]\nCOMMANDS\n"
        page += table(program.verbs.map { ("\($0.name) \($0.operands.placeholder)", $0.purpose) })
        page += "OPTIONS\n" + table(program.flags.map(row))
        page += "EXAMPLES\n" + program.examples.map { "  \($0)\n" }.joined()
        if program.verbs.contains(where: { !$0.flags.isEmpty }) || !program.serviceFlags.isEmpty {
            page += "\(program.name) COMMAND --help shows the other options of a command.\n"
        }
        return page
    }

    /// One command's page.
    package static func page(for verb: Verb, of program: Program) -> String {
        let usage = [program.name, verb.name, verb.operands.placeholder, "[OPTION…]"].filter { !$0.isEmpty }
        let flags = verb.flags + (verb.isService ? program.serviceFlags : []) + program.flags
        return "\(program.name) \(verb.name): \(verb.purpose)\nUSAGE  \(usage.joined(separator: " "))\nOPTIONS\n"
            + table(flags.map(row))
    }

    private static func row(_ flag: Flag) -> (String, String) {
        let usage = flag.placeholder.map { "\(flag.name) \($0)" } ?? flag.name
        guard let text = flag.setting.flatMap(builtInText) else { return (usage, flag.purpose) }
        return (usage, "\(flag.purpose) [\(text)]")
    }

    /// The default as it would be typed; nil when there is nothing to show.
    private static func builtInText(_ setting: Setting) -> String? {
        switch setting.builtIn {
        case .integer(let number): "\(number)"
        case .flag: nil
        case .text(let text): text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
        case .list(let elements): elements.first.map { String(decoding: $0, as: UTF8.self) }
        }
    }

    private static func table(_ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { "  \($0)\(String(repeating: " ", count: width - $0.count))  \($1)\n" }.joined()
    }
}
