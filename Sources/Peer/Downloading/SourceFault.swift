package import P2PProtocol

/// Why one source is given up. A source that lies is struck; the others may be tried again another day.
package enum SourceFault: Error {
    /// What it sent contradicts the root or the request.
    case lied(String)
    /// It will not give it, and would not if asked again.
    case refused(HTTPStatus)
    /// It will later, perhaps in so many seconds.
    case busy(retryAfterSeconds: Int?)
    /// The connection to it, or it itself, does not work at the moment.
    case failed(String)
}

extension SourceFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .lied(let what): "sent wrong data (\(what))"
        case .refused(.notFound): "no longer has it"
        case .refused(let status): "refused (\(status))"
        case .busy: "is busy"
        case .failed(let why): why
        }
    }
}
