internal import P2PProtocol
internal import P2PRuntime

/// An event as subscribers read it: one JSON object `{event,name,size,root,id,host,port}`.
struct EventPayload {
    private let event: StaticString
    private let file: FoundFile?
    private let key: PeerKey

    init(_ event: EngineEvent) {
        switch event {
        case .found(let file): (self.event, self.file, key) = ("found", file, file.source)
        case .joined(let key): (self.event, file, self.key) = ("join", nil, key)
        case .left(let key): (self.event, file, self.key) = ("leave", nil, key)
        }
    }

    var json: Bytes {
        var members = [JSON.Member("event", .string(Bytes("\(event)".utf8)))]
        if let file {
            members += JSON.members(name: file.name)
            members.append(JSON.Member("size", .optional(file.size)))
            members.append(JSON.Member("root", .optional(file.root?.hex)))
        }
        members += [
            JSON.Member("id", .integer(key.id)), JSON.Member("host", .string(key.host.text)),
            JSON.Member("port", .integer(key.port)),
        ]
        return JSON.object(members).encoded()
    }
}
