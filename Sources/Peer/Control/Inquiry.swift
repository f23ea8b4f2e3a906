package import P2PProtocol

/// A question to all servers, which a running peer asks for its user over the connections that it has.
package enum Inquiry: Equatable, Sendable {
    case search(Bytes)
    /// The same with what nobody has who is connected.
    case searchAway(Bytes)
    case check(Bytes)
    /// Names; all of them without a query.
    case list(Bytes)
    /// A folder of a peer's share; nil for the top.
    case browse(PeerReference, folder: Name?)
    /// What a peer shares below a folder, and this one lacks.
    case missing(PeerReference, folder: Name?)

    /// From the last component of a path, and the query behind it.
    init?(_ word: String, _ target: RequestTarget) {
        let text = target.value(of: "q")
        switch word {
        case "search":
            guard let text else { return nil }
            self = .search(text)
        case "away":
            guard let text else { return nil }
            self = .searchAway(text)
        case "check":
            guard let text else { return nil }
            self = .check(text)
        case "list": self = .list(text ?? [])
        case "browse", "missing":
            guard let peer = target.value(of: "peer").flatMap({ PeerReference($0) }) else { return nil }
            let folder = target.value(of: "path").flatMap { $0.isEmpty ? nil : $0 }
            let name = folder.flatMap { Name(validating: $0) }
            guard folder == nil || name != nil else { return nil }
            self = word == "browse" ? .browse(peer, folder: name) : .missing(peer, folder: name)
        default: return nil
        }
    }

    /// The last component of its path.
    var word: String {
        switch self {
        case .search: "search"
        case .searchAway: "away"
        case .check: "check"
        case .list: "list"
        case .browse: "browse"
        case .missing: "missing"
        }
    }

    /// What stands in the query.
    var items: [(String, Bytes)] {
        switch self {
        case .search(let text), .searchAway(let text), .check(let text): [("q", text)]
        case .list(let text): text.isEmpty ? [] : [("q", text)]
        case .browse(let peer, let folder), .missing(let peer, let folder):
            [("peer", peer.text)] + (folder.map { [("path", $0.bytes)] } ?? [])
        }
    }
}
