/// The completion of a program for bash.
struct BashCompletion {
    let program: Program

    private var function: String { "_" + program.name.map { $0 == "-" ? "_" : "\($0)" }.joined() }

    var script: String {
        let flags = program.distinct(program.allFlags)
        let taking = flags.filter { $0.placeholder != nil }
        return """
            # Completion of \(program.name) for bash, written from the table behind --help.
            \(function)() {
                local word=${COMP_WORDS[COMP_CWORD]} last=${COMP_WORDS[COMP_CWORD - 1]} verb= place=0 words i
                for ((i = 1; i < COMP_CWORD; i++)); do
                    case ${COMP_WORDS[i]} in
                        \(pattern(taking))) ((i++)) ;;
                        -*) ;;
                        *) if [ -z "$verb" ]; then verb=${COMP_WORDS[i]}; else ((++place)); fi ;;
                    esac
                done
                case $last in
                    \(pattern(taking.filter(\.takesPath)))) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
            \(choices(taking))        \(pattern(taking.filter { !$0.takesPath && $0.choices.isEmpty }))) return ;;
                esac
                case $verb in
                    '') words='\((program.verbs.flatMap(\.spellings) + program.flags.map(\.name)).joined(separator: " "))' ;;
            \(verbs)        *) words='\(program.flags.map(\.name).joined(separator: " "))' ;;
                esac
                mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
                if [ ${#COMPREPLY[@]} -eq 0 ] && [ -n "$verb" ]; then mapfile -t COMPREPLY < <(compgen -f -- "$word"); fi
            }
            complete -o filenames -F \(function) \(program.name)

            """
    }

    private func pattern(_ flags: [Flag]) -> String {
        flags.isEmpty ? "--" : flags.map(\.name).joined(separator: "|")
    }

    private func choices(_ flags: [Flag]) -> String {
        flags.filter { !$0.choices.isEmpty && !$0.takesPath }.map { flag in
            let words = flag.choices.joined(separator: " ")
            return "        \(flag.name)) mapfile -t COMPREPLY < <(compgen -W '\(words)' -- \"$word\"); return ;;\n"
        }.joined()
    }

    /// What each verb's first operand may be, and its flags.
    private var verbs: String {
        program.verbs.map { verb in
            let flags = verb.flags + program.flags + (verb.isService ? program.serviceFlags : [])
            let words = flags.map(\.name).joined(separator: " ")
            let first = verb.operands.words.joined(separator: " ")
            let plain = "        \(verb.spellings.joined(separator: "|"))) words='\(words)'"
            guard !first.isEmpty else { return "\(plain) ;;\n" }
            return "\(plain)\n            if ((place == 0)); then words=\"\(first) $words\"; fi ;;\n"
        }.joined()
    }
}
