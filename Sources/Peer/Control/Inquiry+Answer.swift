internal import P2PProtocol
internal import P2PRuntime

/// What a question came to: the document that programs get, and what people read of it.
extension Inquiry {
    /// Asks the servers; `isKnown` says what lies here. What is in the document: the answer, unless nobody answered, and `failures`.
    func document(
        from group: IndexGroup, isKnown: @escaping @Sendable (Digest) -> Bool = { _ in false }
    ) async -> JSON {
        switch self {
        case .search(let query):
            let answer = await group.search(query, limit: Limits.standard.pageMaximum)
            return Self.document(answer) { [JSON.Member("hits", .array(answer.merged.map(\.json)))] }
        case .searchAway(let query):
            let answer = await group.search(query, limit: Limits.standard.pageMaximum, offline: true)
            return Self.document(answer) { [JSON.Member("hits", .array(answer.merged.map(\.json)))] }
        case .check(let name):
            let answer = await group.check(name)
            return Self.document(answer) {
                let servers = answer.answers.map { server, isKnown in
                    JSON.object([JSON.Member("server", .text("\(server)")), JSON.Member("exists", .bool(isKnown))])
                }
                let isKnown = answer.answers.contains { $0.value }
                return [JSON.Member("exists", .bool(isKnown)), JSON.Member("servers", .array(servers))]
            }
        case .list(let query):
            let answer = await group.names(query)
            return Self.document(answer) {
                [JSON.Member("names", .array(answer.distinct.map { .object(JSON.members(name: $0)) }))]
            }
        case .browse(let peer, let folder):
            let answer = await group.browse(peer, folder)
            return Self.document(answer) {
                [JSON.Member("entries", .array(answer.answers.flatMap(\.value).map(\.json)))]
            }
        case .missing(let peer, let folder):
            return await MissingFiles.document(of: peer, folder, from: group, isKnown: isKnown)
        }
    }

    private static func document<Value>(_ answer: GroupAnswer<Value>, _ members: () -> [JSON.Member]) -> JSON {
        .object((answer.isEmpty ? [] : members()) + answer.failureMembers)
    }

    /// Whether the answer is something: that there are no names at all is no failure.
    func isFound(_ document: JSON) -> Bool {
        switch self {
        case .search, .searchAway: document["hits"]?.array?.isEmpty == false
        case .check: document["exists"]?.bool == true
        case .list(let query): query.isEmpty || document["names"]?.array?.isEmpty == false
        case .browse, .missing: document["entries"]?.array?.isEmpty == false
        }
    }

    /// The answer for people.
    func text(_ document: JSON, isSingle: Bool) -> String {
        switch self {
        case .search, .searchAway:
            return (document["hits"]?.array ?? []).compactMap { FoundContent($0) }
                .map { MenuText.information($0, isSingle: isSingle) }.joined()
        case .check:
            return (document["servers"]?.array ?? []).map { server in
                let word = server["exists"]?.bool == true ? "EXIST" : "NOT_EXIST"
                return isSingle ? "\(word)\n" : "\(word)  \(display(server["server"]?.string ?? []))\n"
            }.joined()
        case .list:
            return (document["names"]?.array ?? []).compactMap { $0.name() }.map { "\(display($0))\n" }.joined()
        case .browse, .missing:
            var table = TextTable([.init("SIZE", alignsRight: true), .init("NAME", isElastic: true)])
            for entry in document["entries"]?.array ?? [] {
                let size = entry["size"]?.integer.map { Amount.bytes($0) } ?? ""
                table.add([Bytes(size.utf8), entry.name() ?? []])
            }
            return isFound(document) ? table.lines(width: nil).map { "\($0)\n" }.joined() : ""
        }
    }

    /// A line for each server that did not answer.
    static func complaints(_ document: JSON) -> [String] {
        (document["failures"]?.array ?? []).map { failure in
            "\(display(failure["server"]?.string ?? [])): \(display(failure["advice"]?.string ?? []))"
        }
    }

    /// Whether any server answered.
    static func isAnswered(_ document: JSON) -> Bool {
        document.members?.contains { $0.key != Bytes(ascii: "failures") } == true
    }
}

extension IndexGroup {
    /// Everything in a folder of a peer's share, at the server that knows it.
    func browse(_ peer: PeerReference, _ folder: Name?) async -> GroupAnswer<[BrowseEntry]> {
        let links = links.filter { peer.server == nil || $0.server == peer.server }
        return await IndexGroup(links).ask { connection throws(IndexFailure) in
            try await IndexPage.all { page throws(IndexFailure) in
                try await connection.browse(BrowseRequest(peer: peer.id, folder: folder, page: page))
            }
        }
    }
}

extension BrowseEntry {
    /// For programs.
    var json: JSON {
        .object(
            JSON.members(name: name) + [
                JSON.Member("size", .optional(size)), JSON.Member("root", .optional(root?.hex)),
            ])
    }
}
