/// What can be asked of a peer over HTTP. Whatever is not here does not exist: no request names a path of the disk.
package enum PeerRoute: Equatable, Sendable {
    /// The bytes of a content. The name only helps whoever saves it.
    case content(Digest, name: Bytes?)
    /// The piece layer of a content.
    case pieces(Digest)
    /// Which pieces of a content can be had already.
    case have(Digest)
    /// What is shared in a folder (empty for the top), as a page.
    case sharePage(path: Bytes, cursor: Bytes?)
    /// The same as JSON.
    case shareList(path: Bytes, cursor: Bytes?)
    case metrics
    case ping(nonce: Bytes?)
    /// The taker of a moved content reports that it has it.
    case handoff(Digest, taker: HandoffTaker)

    /// Finds the route of a request, or how it is refused.
    package static func find(_ request: RequestHead) -> PeerRouting {
        guard let components = request.target.components, request.target.items != nil else {
            return .refused(.badRequest, allow: nil)
        }
        let path = PeerPath(components)
        guard path?.accepts(request.method) ?? PeerPath.isMethodOfAny(request.method) else {
            return .refused(.methodNotAllowed, allow: path?.allowedMethods ?? PeerPath.readingMethods)
        }
        guard let path else { return .refused(.notFound, allow: nil) }
        guard let route = PeerRoute(path, request.target) else { return .refused(.badRequest, allow: nil) }
        return .found(route)
    }

    private init?(_ path: PeerPath, _ target: RequestTarget) {
        switch path {
        case .content(let root, let name): self = .content(root, name: name)
        case .pieces(let root): self = .pieces(root)
        case .have(let root): self = .have(root)
        case .sharePage: self = .sharePage(path: target.value(of: "path") ?? [], cursor: target.value(of: "cursor"))
        case .shareList: self = .shareList(path: target.value(of: "path") ?? [], cursor: target.value(of: "cursor"))
        case .metrics: self = .metrics
        case .ping: self = .ping(nonce: target.value(of: "nonce"))
        case .handoff(let root):
            guard let taker = target.value(of: "taker").flatMap(HandoffTaker.init) else { return nil }
            self = .handoff(root, taker: taker)
        }
    }
}

/// Where a request leads.
package enum PeerRouting: Equatable, Sendable {
    case found(PeerRoute)
    /// With the value of Allow where the method is what is wrong.
    case refused(HTTPStatus, allow: String?)
}
