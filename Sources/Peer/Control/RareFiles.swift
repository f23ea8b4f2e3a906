internal import P2PProtocol
internal import P2PRuntime

/// The files of which nobody else who is connected has a copy: what would be lost with this machine.
enum RareFiles {
    /// So many are looked at; more are said to be there.
    private static let most = 100_000
    /// Questions on their way at a time.
    private static let batch = 256
    /// Of one file's sources: enough to see somebody else beside this peer and who has only parts.
    private static let glance = 8

    /// The document: `files`, how many were looked at of how many, and `failures`.
    static func document(of application: PeerApplication) async -> JSON {
        let library = application.library
        let entries = await application.offLoop { library.list() } ?? []
        var byRoot: [Digest: LibraryEntry] = [:]
        for entry in entries where byRoot.count < most {
            if let root = entry.root, byRoot[root] == nil { byRoot[root] = entry }
        }
        let roots = Array(byRoot.keys)
        let answer = await shared(roots, at: application.roster)
        let elsewhere = answer.answers.reduce(into: Set<Digest>()) { $0.formUnion($1.value) }
        let rare = byRoot.filter { !elsewhere.contains($0.key) }.values.sorted { $0.name < $1.name }
        let files = rare.map { entry in
            JSON.object(
                JSON.members(name: entry.name.bytes) + [
                    JSON.Member("size", .integer(entry.size)), JSON.Member("root", .optional(entry.root?.hex)),
                ])
        }
        let members = [
            JSON.Member("files", .array(files)), JSON.Member("asked", .integer(roots.count)),
            JSON.Member("total", .integer(entries.count)),
        ]
        return .object((answer.isEmpty ? [] : members) + answer.failureMembers)
    }

    /// Those of the contents that somebody else has whole, by server.
    private static func shared(_ roots: [Digest], at roster: IndexRoster) async -> GroupAnswer<Set<Digest>> {
        await roster.group.ask { connection throws(IndexFailure) in
            let own = roster.standing(at: connection.server)?.registration.id
            var shared: Set<Digest> = []
            for start in stride(from: 0, to: roots.count, by: batch) {
                let part = roots[start..<min(start + batch, roots.count)]
                let pending = part.map { root in
                    connection.send(.sources(SourcesRequest(content: .root(root), page: Page(limit: glance))))
                }
                for (root, pending) in zip(part, pending) {
                    let page = try IndexPage(try await pending.reply) { IndexSource($0) }
                    let isElsewhere = page.entries.contains { $0.id != own && !$0.isPartial && $0.host != nil }
                    if isElsewhere || page.next != nil { shared.insert(root) }
                }
            }
            return shared
        }
    }

    /// The document for people.
    static func text(_ document: JSON) -> String {
        let files = document["files"]?.array ?? []
        var table = TextTable([.init("SIZE", alignsRight: true), .init("NAME", isElastic: true)])
        for file in files {
            table.add([Bytes(Amount.bytes(file["size"]?.integer ?? 0).utf8), file.name() ?? []])
        }
        return files.isEmpty ? "" : table.lines(width: nil).map { "\($0)\n" }.joined()
    }
}
