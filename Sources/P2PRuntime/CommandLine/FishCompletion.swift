/// The completion of a program for fish.
struct FishCompletion {
    let program: Program

    var script: String {
        var lines = ["# Completion of \(program.name) for fish, written from the table behind --help."]
        lines += program.verbs.flatMap { verb in
            verb.spellings.map { line("-f -n __fish_use_subcommand -a \($0)", verb.purpose) }
        }
        lines += program.flags.map { self.flag($0, for: nil) }
        for verb in program.verbs {
            let condition = "'__fish_seen_subcommand_from \(verb.spellings.joined(separator: " "))"
            if !verb.operands.words.isEmpty {
                let words = verb.operands.words.joined(separator: " ")
                lines.append(
                    "complete -c \(program.name) -n \(condition); and not __fish_seen_subcommand_from \(words)' -a '\(words)'"
                )
            }
            let flags = verb.flags + (verb.isService ? program.serviceFlags : [])
            lines += flags.map { self.flag($0, for: condition + "'") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func flag(_ flag: Flag, for condition: String?) -> String {
        var words = condition.map { "-n \($0) " } ?? ""
        words += "-l \(flag.name.dropFirst(2))"
        if flag.placeholder != nil { words += flag.takesPath ? " -r -F" : " -x" }
        if !flag.choices.isEmpty { words += " -a '\(flag.choices.joined(separator: " "))'" }
        return line(words, flag.purpose)
    }

    private func line(_ words: String, _ purpose: String) -> String {
        let purpose = purpose.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined()
        return "complete -c \(program.name) \(words) -d '\(purpose)'"
    }
}
