/// How a program ends; scripts rely on the numbers.
package enum ExitCode: Int32, Sendable {
    case done = 0
    case failed = 1
    /// What was asked for does not exist: an answer, not an error.
    case notFound = 2
    /// The command line or the configuration makes no sense.
    case misuse = 64
}
