/// The completion of a program for zsh.
struct ZshCompletion {
    let program: Program

    private var function: String { "_\(program.name)" }

    var script: String {
        let rows = program.verbs.flatMap { verb in verb.spellings.map { "'\($0):\(escaped(verb.purpose))'" } }
        return """
            #compdef \(program.name)
            # Completion of \(program.name) for zsh, written from the table behind --help.
            \(function)() {
                local curcontext=$curcontext state line
                local -a verbs
                verbs=(
                    \(rows.joined(separator: "\n        "))
                )
                _arguments -C \\
            \(arguments(program.flags + program.serviceFlags, indent: 8))        '1:command:->verb' \\
                    '*::argument:->rest'
                case $state in
                    verb) _describe command verbs ;;
                    rest)
                        case $words[1] in
            \(verbs)            esac ;;
                esac
            }
            \(function) "$@"

            """
    }

    private var verbs: String {
        program.verbs.map { verb in
            let flags = verb.flags + program.flags + (verb.isService ? program.serviceFlags : [])
            let first = verb.operands.words
            let operand =
                first.isEmpty ? "'*:argument:_files'" : "'1:what:(\(first.joined(separator: " ")))' '*:argument:_files'"
            return "                \(verb.spellings.joined(separator: "|")))\n                    _arguments \\\n"
                + arguments(flags, indent: 24) + "                        \(operand) ;;\n"
        }.joined()
    }

    private func arguments(_ flags: [Flag], indent: Int) -> String {
        program.distinct(flags).map { flag in
            var text = "\(flag.isRepeated ? "*" : "")\(flag.name)[\(escaped(flag.purpose))]"
            if let placeholder = flag.placeholder {
                let values =
                    flag.takesPath ? "_files" : flag.choices.isEmpty ? "" : "(\(flag.choices.joined(separator: " ")))"
                text += ":\(escaped(placeholder)):\(values)"
            }
            return String(repeating: " ", count: indent) + "'\(text)' \\\n"
        }.joined()
    }

    private func escaped(_ text: String) -> String {
        text.map { character in
            switch character {
            case ":", "[", "]", "\\": "\\\(character)"
            case "'": "'\\''"
            default: "\(character)"
            }
        }.joined()
    }
}
