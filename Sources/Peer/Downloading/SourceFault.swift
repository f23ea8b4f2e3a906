internal import P2PProtocol
internal import P2PRuntime

/// Why one source is given up. A source that lies is struck; the others may be tried again another day.
enum SourceFault: Error {
    case lied(String)
    case refused(HTTPStatus)
    case busy
    case failed(String)
}

extension SourceFault: CustomStringConvertible {
    var description: String {
        switch self {
        case .lied(let what): "sent wrong data (\(what))"
        case .refused(.notFound): "no longer has it"
        case .refused(let status): "refused (\(status))"
        case .busy: "is busy"
        case .failed(let why): why
        }
    }
}
