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
            JSON.object([JSON.Member("server", .text("\(server)")), JSON.Member("reason", .text("\(failure)"))])
        }
        return [JSON.Member("failures", .array(entries))]
    }
}
