internal import P2PProtocol

/// The user asked for something that makes no sense: a wrong flag, a wrong setting. The program ends with
/// `ExitCode.misuse` and this one line on standard error.
package struct Misuse: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong, where, and what would be right.
    package let description: String

    package init(_ description: String) { self.description = description }

    /// What was given, as a message repeats it: printable, not too long, in quotes where its ends would not be seen.
    static func shown(_ given: Bytes) -> String {
        let text = display(given, width: 100)
        return text.isEmpty || text.contains(" ") ? "\"\(text)\"" : text
    }
}
