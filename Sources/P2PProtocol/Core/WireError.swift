/// What is wrong with bytes that arrived, and what follows: an error reply, or the end of the connection.
package struct WireError: Error, Equatable, Sendable {
    /// Whether the connection can go on.
    package enum Consequence: Sendable {
        /// Answer with the error; the next command is well framed.
        case reply
        /// Answer with the error and close: the framing is lost or a limit is exceeded.
        case hangUp
    }

    package let consequence: Consequence
    /// Redis's own word where there is one: `ERR`, `NOPERM`, `NOAUTH`, `WRONGPASS`, `NOPROTO`.
    package let prefix: String
    /// One line of printable ASCII that names the command and the fault.
    package let message: String
    /// Whether a limit of framing was exceeded, which is counted among the limits that are reached.
    package let isOverLimit: Bool

    package init(
        _ message: String, prefix: String = "ERR", consequence: Consequence = .reply, isOverLimit: Bool = false
    ) {
        self.consequence = consequence
        self.prefix = prefix
        self.message = message
        self.isOverLimit = isOverLimit
    }

    package static func fatal(_ message: String) -> WireError {
        WireError(message, consequence: .hangUp)
    }

    /// More bytes or arguments than one command may have.
    package static func overLimit(_ message: String) -> WireError {
        WireError(message, consequence: .hangUp, isOverLimit: true)
    }
}
