/// What a shell has to know to complete a program's command lines, written from the table behind `--help`.
package enum ShellCompletion: String, CaseIterable, Sendable {
    case bash
    case zsh
    case fish

    /// The file that the shell looks for.
    package func fileName(for program: Program) -> String {
        switch self {
        case .bash: program.name
        case .zsh: "_\(program.name)"
        case .fish: "\(program.name).fish"
        }
    }

    /// The whole file.
    package func script(for program: Program) -> String {
        switch self {
        case .bash: BashCompletion(program: program).script
        case .zsh: ZshCompletion(program: program).script
        case .fish: FishCompletion(program: program).script
        }
    }
}

extension Flag {
    /// The words that are possible behind it: `copy|move`.
    var choices: [String] {
        let words = (placeholder ?? "").split(separator: "|").map(String.init)
        return words.count > 1 && words.allSatisfy { $0.allSatisfy(\.isLowercase) } ? words : []
    }

    /// Whether a file or folder stands behind it.
    var takesPath: Bool { ["D", "F", "STATE", "P"].contains(placeholder) && name != "--port" }
}

extension Verb {
    /// As it may be typed.
    var spellings: [String] { [name] + aliases }
}

extension Program {
    /// Every flag once, by its name.
    func distinct(_ flags: [Flag]) -> [Flag] {
        var names: Set<String> = []
        return flags.filter { names.insert($0.name).inserted }
    }
}
