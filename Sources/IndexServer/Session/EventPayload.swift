internal import P2PProtocol
internal import P2PRuntime

/// An event as subscribers read it: one JSON object `{event,name,size,root,id,host,port}`.
struct EventPayload {
    private let members: [JSON.Member]

    init(_ event: EngineEvent) {
        switch event {
        case .found(let file): members = [Self.event("found")] + Self.members(of: file) + Self.members(of: file.source)
        case .joined(let key): members = [Self.event("join")] + Self.members(of: key)
        case .left(let key): members = [Self.event("leave")] + Self.members(of: key)
        case .revoked(let account, let taker, let expiry):
            let passes = [
                taker.map { JSON.Member("id", .integer($0)) }, expiry.map { JSON.Member("exp", .integer($0)) },
            ]
            members = [Self.event("revoked"), JSON.Member("name", .string(account))] + passes.compactMap { $0 }
        }
    }

    var json: Bytes { JSON.object(members).encoded() }

    private static func event(_ name: StaticString) -> JSON.Member { JSON.Member("event", .string(Bytes(ascii: name))) }

    private static func members(of file: FoundFile) -> [JSON.Member] {
        JSON.members(name: file.name) + [
            JSON.Member("size", .optional(file.size)), JSON.Member("root", .optional(file.root?.hex)),
        ]
    }

    private static func members(of key: PeerKey) -> [JSON.Member] {
        [
            JSON.Member("id", .integer(key.id)), JSON.Member("host", .string(key.host.text)),
            JSON.Member("port", .integer(key.port)),
        ]
    }
}
