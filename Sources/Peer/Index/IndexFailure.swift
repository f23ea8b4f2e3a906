package import P2PProtocol
package import P2PRuntime

/// Why an index did not answer, or what it answered instead, in words for a person.
package enum IndexFailure: Error, Equatable, Sendable {
    /// No connection came up.
    case unreachable(String)
    /// Somebody else answered than the one whose certificate we know, or nobody who encrypts.
    case untrusted(TLSFault)
    /// It took longer than we wait.
    case timedOut
    /// The connection was lost, or the index closed it.
    case closed
    /// We closed it ourselves.
    case left
    /// It takes the key of this device no more.
    case deviceRefused
    /// An error reply: the whole line, prefix first.
    case refused(Bytes)
    /// Bytes that no index sends.
    case garbled(String)
}

extension IndexFailure: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreachable(let reason): reason
        case .untrusted(let fault): fault.description
        case .timedOut: "no answer in time"
        case .closed: "the connection was lost"
        case .left: "the connection was ended from here"
        case .deviceRefused: "this device is let in no more: ask for another invitation, then peer join LINE"
        case .refused where needsAccount:
            "it takes members only: peer join LINE with an invitation, or --user and --password-file"
        case .refused where isWrongLogin: "the name or the password is wrong"
        case .refused where begins(with: "ERR TLS required"):
            "it takes encrypted connections only: peer join LINE with an invitation, "
                + "or name it HOST:PORT#FINGERPRINT, which it logs at its start"
        case .refused where begins(with: "ERR busy"): "it has too many logins to look at, or too many failed: try later"
        case .refused(let line): "refused: \(display(line))"
        case .garbled(let what): "this is not an index, or a broken one: \(what)"
        }
    }
}

extension IndexFailure: LogValue {}

extension IndexFailure {
    /// What is secret would travel plainly.
    static let unencrypted = IndexFailure.unreachable(
        "a login is not sent there unencrypted: give the server as HOST:PORT#FINGERPRINT")

    /// Whether the index wants to know who we are.
    package var needsAccount: Bool { begins(with: "NOAUTH ") }

    /// Whether it does not believe it.
    package var isWrongLogin: Bool { self == .deviceRefused || begins(with: "WRONGPASS ") }

    /// Whether nobody answers there.
    var isAbsence: Bool {
        switch self {
        case .unreachable, .timedOut, .closed: true
        default: false
        }
    }

    private func begins(with prefix: StaticString) -> Bool {
        if case .refused(let line) = self { line.starts(with: Bytes(ascii: prefix)) } else { false }
    }
}

extension IndexFailure {
    /// The failure of a connection attempt, without the names of our system calls.
    init(connecting error: any Error) {
        self =
            switch error {
            case StreamError.timedOut: .timedOut
            case StreamError.encryption(let fault): .untrusted(fault)
            case StreamError.failed(let error): .unreachable(error.reason)
            case let error as SystemError: .unreachable(error.reason)
            default: .unreachable("\(error)")
            }
    }

    /// Whether the index knows the id that was claimed, or its token, no more.
    var meansUnknownIdentity: Bool {
        guard case .refused(let line) = self else { return false }
        return line.starts(with: Bytes(ascii: "ERR ")) || line.starts(with: Bytes(ascii: "NOPERM "))
    }
}
