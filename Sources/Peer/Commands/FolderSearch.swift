internal import P2PProtocol
internal import P2PRuntime

/// Finds what lies below a folder that somebody shares: of the peer that is named, or of the one that has most of it.
struct FolderSearch: Sendable {
    /// Lists a folder of a peer's share; nil when nobody can.
    typealias Lister = @Sendable (Name?, PeerReference) async -> [BrowseEntry]?

    let folder: Name
    let list: Lister

    init(_ folder: Name, _ list: @escaping Lister) { (self.folder, self.list) = (folder, list) }

    /// The query whose hits lead to those who have the folder.
    static func query(for folder: Name) -> Bytes {
        let folded = Folding.fold(folder.bytes)
        return Bytes(Words(folded).map { Bytes(folded[$0]) }.joined(separator: [UInt8(ascii: " ")]))
    }

    /// Everything below it, by path; nothing when nobody has it.
    func contents(_ hits: [FoundContent], from giver: PeerReference?) async -> [FoundContent] {
        guard let peer = giver ?? bestOwner(hits) else { return [] }
        var walk = FolderWalk(folder)
        while let next = walk.next() {
            guard let entries = await list(next, peer) else { break }
            walk.take(entries, of: next)
        }
        if walk.isCut { complain("\(folder)/ holds more than is taken at a time: some of it is left out") }
        return walk.contents
    }

    /// Who has most of what was found below the folder.
    private func bestOwner(_ hits: [FoundContent]) -> PeerReference? {
        let beginning = folder.bytes + [UInt8(ascii: "/")]
        let owners = hits.filter { $0.name.starts(with: beginning) }.flatMap(\.holders).map(\.reference)
        var counts: [PeerReference: Int] = [:]
        for owner in owners { counts[owner, default: 0] += 1 }
        // Of several that have the same the first one that was named, so that asking twice leads to the same.
        return owners.max { counts[$0, default: 0] < counts[$1, default: 0] }
    }
}

extension IndexGroup {
    /// Everything below a folder, with those who have it now, through the servers themselves.
    func contents(
        below folder: Name, _ hits: [FoundContent], from giver: PeerReference?, _ fetcher: Fetcher
    ) async -> [FoundContent] {
        let search = FolderSearch(folder) { folder, peer in
            let answer = await browse(peer, folder)
            for complaint in answer.complaints { complain(complaint) }
            return answer.isEmpty ? nil : answer.answers.flatMap(\.value)
        }
        var contents = await search.contents(hits, from: giver)
        let known = await fetcher.sources(of: Array(Set(contents.compactMap(\.root))))
        for index in contents.indices {
            guard let root = contents[index].root, let answer = known[root] else { continue }
            contents[index].holders = answer.answers.flatMap(\.value)
        }
        return contents
    }
}

extension BrowseEntry {
    /// What a running peer has listed; nil when it makes no sense.
    init?(_ json: JSON) {
        guard let name = json.name() else { return nil }
        self.init(name: name, size: json["size"]?.integer, root: json["root"]?.string.flatMap { Digest(hex: $0) })
    }
}
