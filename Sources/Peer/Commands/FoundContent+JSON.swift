internal import P2PProtocol
internal import P2PRuntime

extension FoundContent {
    /// For programs.
    var json: JSON {
        .object(
            JSON.members(name: name) + [
                JSON.Member("size", .optional(size)), JSON.Member("root", .optional(root?.hex)),
                JSON.Member("count", .integer(count)), JSON.Member("sources", .array(holders.map(\.json))),
            ])
    }
}

extension Holder {
    var json: JSON {
        .object([
            JSON.Member("id", .integer(source.id)), JSON.Member("server", .text("\(server)")),
            JSON.Member("host", .optional(source.host)), JSON.Member("port", .integer(source.port)),
            JSON.Member("partial", .bool(source.isPartial)), JSON.Member("movable", .bool(source.isMovable)),
        ])
    }
}

extension GroupAnswer {
    /// The servers that did not answer, where there are any.
    var failureMembers: [JSON.Member] {
        guard !failures.isEmpty else { return [] }
        let entries = failures.map { server, failure in
            JSON.object([
                JSON.Member("server", .text("\(server)")), JSON.Member("reason", .text("\(failure)")),
                JSON.Member("advice", .text(failure.advice)),
            ])
        }
        return [JSON.Member("failures", .array(entries))]
    }
}

extension FoundContent {
    /// What a running peer has found; nil when it makes no sense.
    init?(_ json: JSON) {
        guard let name = json.name(), let holders = json["sources"]?.array else { return nil }
        self.init(
            name: name, size: json["size"]?.integer, root: json["root"]?.string.flatMap { Digest(hex: $0) },
            holders: holders.compactMap { Holder($0) }, count: json["count"]?.integer)
    }
}

extension Holder {
    init?(_ json: JSON) {
        guard let id = json["id"]?.integer,
            let server = json["server"]?.string.flatMap({ ServerAddress(String(decoding: $0, as: UTF8.self)) })
        else { return nil }
        let source = IndexSource(
            id: id, host: json["host"]?.string, port: json["port"]?.integer ?? 0,
            isPartial: json["partial"]?.bool ?? false, isMovable: json["movable"]?.bool ?? false)
        self.init(server: server, source: source)
    }
}
