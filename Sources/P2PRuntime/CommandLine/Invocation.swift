package import P2PProtocol

/// A command line that makes sense: what to do, with what.
package struct Invocation: Sendable {
    /// The verb's own name, whichever alias was typed.
    package let verb: String
    /// No verb was typed: it is the one that runs then.
    package let isVerbImplied: Bool
    /// What stood after the verb.
    package let operands: [Bytes]
    private let values: [String: [Bytes]]

    init(verb: String, isVerbImplied: Bool, operands: [Bytes], values: [String: [Bytes]]) {
        self.verb = verb
        self.isVerbImplied = isVerbImplied
        self.operands = operands
        self.values = values
    }

    /// Whether a flag was given.
    package func has(_ flag: String) -> Bool { values[flag] != nil }

    /// The value of a flag; the last when it was given more than once.
    package func value(of flag: String) -> Bytes? { values[flag]?.last }

    /// All values of a flag, in order; empty for one that takes none.
    package func values(of flag: String) -> [Bytes] { values[flag] ?? [] }

    /// The words of a query or a name, joined as they were typed.
    package var query: Bytes { Bytes(operands.joined(separator: [UInt8(ascii: " ")])) }
}
