package import P2PProtocol
package import P2PRuntime

/// What all servers together answered, and which did not.
package struct GroupAnswer<Value: Sendable>: Sendable {
    /// Those that answered, in the order in which they were asked.
    package let answers: [(server: ServerAddress, value: Value)]
    package let failures: [(server: ServerAddress, failure: IndexFailure)]

    package init(
        answers: [(server: ServerAddress, value: Value)], failures: [(server: ServerAddress, failure: IndexFailure)]
    ) {
        (self.answers, self.failures) = (answers, failures)
    }

    /// Nobody answered.
    package var isEmpty: Bool { answers.isEmpty }

    /// A line for each server that did not answer: which one, why, and what to do about it.
    package var complaints: [String] {
        failures.map { "\($0.server): \($0.failure.advice)" }
    }
}

extension IndexFailure {
    /// The failure with what a person can do about it.
    package var advice: String {
        switch self {
        case .unreachable(let reason):
            "cannot be reached (\(reason)): start index-server there, or give another --server"
        case .untrusted(let fault):
            "\(fault): it was set up anew, or somebody is in between; ask its administrator, and give the new one as HOST:PORT#SHA256"
        case .timedOut: "does not answer: try again, or give another --server"
        default: description
        }
    }
}

extension GroupAnswer where Value == [IndexHit] {
    /// What all servers found, as one list.
    package var merged: [FoundContent] {
        FoundContent.merge(answers.map { ($0.server, $0.value) })
    }
}

extension GroupAnswer where Value == [Bytes] {
    /// All names once, in the order of their bytes.
    package var distinct: [Bytes] {
        Set(answers.flatMap(\.value)).sorted { $0.lexicographicallyPrecedes($1) }
    }
}
