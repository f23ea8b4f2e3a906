/// The path of a peer's resource, before its query is looked at.
enum PeerPath: Equatable, Sendable {
    case content(Digest, name: Bytes?)
    case pieces(Digest)
    case have(Digest)
    case sharePage
    case shareList
    case metrics
    case ping
    case handoff(Digest)

    static let readingMethods = "GET, HEAD"

    /// From the decoded components of a path; nil for whatever is not one of ours.
    init?(_ components: [Bytes]) {
        guard let first = components.first else { return nil }
        switch components.count {
        case 1: self.init(single: first)
        case 2:
            guard let root = Digest(hex: components[1]) else { return nil }
            self.init(collection: first, root)
        case 3:
            guard first == Bytes(ascii: "content"), let root = Digest(hex: components[1]),
                Self.isFileName(components[2])
            else { return nil }
            self = .content(root, name: components[2])
        default: return nil
        }
    }

    private init?(single component: Bytes) {
        switch component {
        case []: self = .sharePage
        case Bytes(ascii: "share.json"): self = .shareList
        case Bytes(ascii: "metrics"): self = .metrics
        case Bytes(ascii: "ping"): self = .ping
        default: return nil
        }
    }

    private init?(collection: Bytes, _ root: Digest) {
        switch collection {
        case Bytes(ascii: "content"): self = .content(root, name: nil)
        case Bytes(ascii: "pieces"): self = .pieces(root)
        case Bytes(ascii: "have"): self = .have(root)
        case Bytes(ascii: "handoff"): self = .handoff(root)
        default: return nil
        }
    }

    /// A decoded slash would make a path of what has to be one name.
    private static func isFileName(_ bytes: Bytes) -> Bool {
        NameRules.fault(in: bytes.span) == nil && !bytes.contains(HTTPGrammar.slash)
    }

    func accepts(_ method: HTTPMethod) -> Bool {
        if case .handoff = self { return method == .post }
        return method == .get || method == .head
    }

    /// Whether any resource takes this method.
    static func isMethodOfAny(_ method: HTTPMethod) -> Bool {
        method == .get || method == .head || method == .post
    }

    /// The value of Allow.
    var allowedMethods: String {
        if case .handoff = self { return "POST" }
        return Self.readingMethods
    }
}
