/// The user asked for something that makes no sense: a wrong flag, a wrong setting. The program ends with
/// `ExitCode.misuse` and this one line on standard error.
package struct Misuse: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong, where, and what would be right.
    package let description: String

    package init(_ description: String) { self.description = description }
}
