package import P2PProtocol

/// One thing that was looked at, how it is, and what its user can do about it.
package struct Finding: Equatable, Sendable {
    package enum Verdict: String, Sendable {
        case ok
        /// It works, but not as well as it could, or soon no longer.
        case warn
        case fail
    }

    /// What was looked at, in a word.
    package let subject: String
    package let verdict: Verdict
    package let text: String
    /// What to do; nil where there is nothing.
    package let advice: String?

    package init(_ subject: String, _ verdict: Verdict, _ text: String, advice: String? = nil) {
        (self.subject, self.verdict, self.text, self.advice) = (subject, verdict, text, advice)
    }
}

extension Finding {
    /// For programs.
    package var json: JSON {
        .object([
            JSON.Member("check", .text(subject)), JSON.Member("verdict", .text(verdict.rawValue)),
            JSON.Member("text", .text(text)), JSON.Member("advice", .optional(advice.map { Bytes($0.utf8) })),
        ])
    }
}
