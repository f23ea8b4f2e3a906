/// A program as its user sees it: the one table behind the parser and the help.
package struct Program: Sendable {
    package let name: String
    /// One line.
    package let purpose: String
    /// The verb that runs when none is given is the first.
    package let verbs: [Verb]
    /// Flags of every verb, shown in every help.
    package let flags: [Flag]
    /// Flags of every verb that matter to whoever runs a service, shown in a service's help.
    package let serviceFlags: [Flag]
    /// Command lines to learn from.
    package let examples: [String]

    /// Every flag that can be typed.
    package var allFlags: [Flag] { flags + serviceFlags + verbs.flatMap(\.flags) }

    /// The verb that a word means.
    package func verb(_ word: String) -> Verb? { verbs.first { $0.answers(to: word) } }
}
