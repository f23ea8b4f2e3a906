internal import P2PProtocol
internal import P2PRuntime

/// What another peer shares and this one lacks, whatever the files are called here.
enum MissingFiles {
    /// Of one peer; whoever shares more is looked at as far as that.
    private static let mostFiles = 1_000_000

    /// The document: `entries` with full names, the total of their sizes, and `failures`.
    static func document(
        of peer: PeerReference, _ folder: Name?, from group: IndexGroup, isKnown: @escaping @Sendable (Digest) -> Bool
    ) async -> JSON {
        let links = group.links.filter { peer.server == nil || $0.server == peer.server }
        let answer = await IndexGroup(links).ask { connection throws(IndexFailure) in
            try await files(of: peer.id, below: folder, at: connection)
        }
        var names: Set<Name> = []
        let missing = answer.answers.flatMap(\.value).filter { file in
            file.root.map { !isKnown($0) } ?? true && names.insert(file.name).inserted
        }
        let members = [
            JSON.Member(
                "entries",
                .array(missing.map { BrowseEntry(name: $0.name.bytes, size: $0.size, root: $0.root).json })),
            JSON.Member("bytes", .integer(missing.reduce(0) { $0 &+ ($1.size ?? 0) })),
        ]
        return .object((answer.isEmpty ? [] : members) + answer.failureMembers)
    }

    /// Every file below a folder, under its full name, one folder after the other.
    private static func files(
        of peer: Int, below folder: Name?, at connection: IndexConnection
    ) async throws(IndexFailure) -> [FolderWalk.File] {
        var walk = FolderWalk(folder, mostFiles: mostFiles)
        while let next = walk.next() {
            let entries = try await IndexPage.all(upTo: mostFiles) { page throws(IndexFailure) in
                try await connection.browse(BrowseRequest(peer: peer, folder: next, page: page))
            }
            walk.take(entries, of: next)
        }
        return walk.files.sorted { $0.name < $1.name }
    }
}

extension PeerConfiguration {
    /// The roots that lie here, as far as they were ever hashed: for a command where no peer runs. Reads the folders.
    func knownRoots() throws -> Set<Digest> {
        let state = try PeerState(stateFolder)
        let library = Library(folders(SavedShares(file: state.file("shares"))), scanner: scanner(state))
        _ = library.rescan(knowing: try HashCache(state.file("hashes.sqlite")))
        return Set(library.list().compactMap(\.root))
    }
}
