/// One thing that a program can be told to do: `peer search QUERY`.
package struct Verb: Sendable {
    /// What stands after the verb.
    package struct Operands: Sendable {
        /// As the help shows them: `QUERY`.
        package let placeholder: String
        package let count: ClosedRange<Int>
        /// Words of a query may begin with a dash (`-live`), so that short unknown flags are taken as words.
        package let areQuery: Bool
        /// What the first of them may be, where that is one of a few words.
        package var words: [String] = []

        /// Nothing.
        package static let none = Operands(placeholder: "", count: 0...0, areQuery: false)

        /// Words that are joined again.
        package static func query(_ placeholder: String, isOptional: Bool = false) -> Operands {
            Operands(placeholder: placeholder, count: (isOptional ? 0 : 1)...Int.max, areQuery: true)
        }

        /// So many things, each an argument.
        package static func items(_ placeholder: String, _ count: ClosedRange<Int>) -> Operands {
            Operands(placeholder: placeholder, count: count, areQuery: false)
        }

        /// The same, where the first is one of these words.
        package func beginning(with words: String...) -> Operands {
            var operands = self
            operands.words = words
            return operands
        }
    }

    /// As it is typed.
    package let name: String
    package let aliases: [String]
    package let operands: Operands
    /// A few words that say what it does.
    package let purpose: String
    /// Flags that only this verb knows.
    package let flags: [Flag]
    /// Whether it runs the program as a service, whose flags its help lists.
    package let isService: Bool

    /// A row of a program's table.
    package init(
        _ name: String, _ purpose: String, aliases: [String] = [], operands: Operands = .none, flags: [Flag] = [],
        isService: Bool = false
    ) {
        self.name = name
        self.aliases = aliases
        self.operands = operands
        self.purpose = purpose
        self.flags = flags
        self.isService = isService
    }

    func answers(to word: String) -> Bool { word == name || aliases.contains(word) }
}
