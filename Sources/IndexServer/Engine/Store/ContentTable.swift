internal import P2PProtocol

/// Every content once, by its identity, with what is counted of it.
struct ContentTable: ~Copyable {
    private struct SizedRoot: Hashable {
        let root: Digest
        let size: Int
    }

    private var records: [Content] = []
    private var roots = Segments<Digest>()
    private var sourceReferences: [SourceLists.Reference] = []
    /// Peers among the sources that may be shown.
    private var liveCounts = Counts()
    /// How many titles are shown: the content is found while there is one.
    private var shownTitles = Counts()
    private var table = IDTable()
    /// Contents whose root is known under another size already: liars and errors, so these may cost more.
    private var otherSizes: [SizedRoot: ContentID] = [:]
    private var contentsOfOtherSizes: [Digest: [ContentID]] = [:]

    init() {}

    var count: Int { records.count }

    subscript(_ content: ContentID) -> Content { records[Int(content)] }

    /// The number of a content, new or old.
    mutating func intern(_ identity: ContentIdentity) -> ContentID {
        switch identity {
        case .hashed(let root, let size): return intern(root, size: size)
        case .unhashed(let name, let size):
            let hash = KeyedHash.hash(UInt64(name), UInt64(bitPattern: Int64(size)) &+ 1)
            return intern(Content(size: size, key: name, kind: .unhashed), hash: hash)
        case .bare(let name):
            return intern(Content(size: 0, key: name, kind: .bare), hash: KeyedHash.hash(UInt64(name), 0))
        }
    }

    /// Every content that claims a root: one, unless somebody is wrong about its size.
    func contents(of root: Digest) -> [ContentID] {
        guard let first = first(root, hash: KeyedHash.hash(root)) else { return [] }
        return [first] + (contentsOfOtherSizes[root] ?? [])
    }

    /// Has at hand what a look for a root reads first.
    func approach(_ hash: UInt32) -> UInt32 { table.approach(hash) }

    /// Has at hand what it reads then.
    func approachCandidate(_ hash: UInt32) -> UInt32 {
        table.candidate(hash).map { records[Int($0)].key } ?? 0
    }

    func root(of content: ContentID) -> Digest? {
        let record = records[Int(content)]
        return record.kind == .hashed ? roots[Int(record.key)] : nil
    }

    func identity(of content: ContentID) -> ContentIdentity {
        let record = records[Int(content)]
        return switch record.kind {
        case .hashed: .hashed(roots[Int(record.key)], size: record.size)
        case .unhashed: .unhashed(record.key, size: record.size)
        case .bare: .bare(record.key)
        }
    }

    /// A name's content that is not known by a root.
    private mutating func intern(_ record: Content, hash: UInt32) -> ContentID {
        if let known = table.find(hash, where: { records[Int($0)].isSame(as: record) }) { return known }
        let content = add(record)
        table.insert(hash, content)
        return content
    }

    private mutating func intern(_ root: Digest, size: Int) -> ContentID {
        let hash = KeyedHash.hash(root)
        let first = first(root, hash: hash)
        if let first {
            if records[Int(first)].size == size { return first }
            if let known = otherSizes[SizedRoot(root: root, size: size)] { return known }
        }
        let content = add(Content(size: size, key: UInt32(roots.count), kind: .hashed))
        roots.append(root)
        if first == nil {
            table.insert(hash, content)
        } else {
            otherSizes[SizedRoot(root: root, size: size)] = content
            contentsOfOtherSizes[root, default: []].append(content)
        }
        return content
    }

    private mutating func add(_ record: Content) -> ContentID {
        records.appendTightly(record)
        sourceReferences.appendTightly(SourceLists.Reference())
        liveCounts.append()
        shownTitles.append()
        return ContentID(records.count - 1)
    }

    private func first(_ root: Digest, hash: UInt32) -> ContentID? {
        table.find(hash) {
            let record = records[Int($0)]
            return record.kind == .hashed && roots[Int(record.key)] == root
        }
    }
}

/// What changes of a content.
extension ContentTable {
    /// Peers among the sources that may be shown.
    func live(_ content: ContentID) -> UInt32 { liveCounts[content] }

    /// The peers that have it.
    func sources(_ content: ContentID) -> SourceLists.Reference { sourceReferences[Int(content)] }

    mutating func setSources(_ reference: SourceLists.Reference, of content: ContentID) {
        sourceReferences[Int(content)] = reference
    }

    /// Takes over what was counted elsewhere.
    mutating func adopt(_ sources: SourceLists.Reference, live: UInt32, for content: ContentID) {
        sourceReferences[Int(content)] = sources
        liveCounts.set(content, to: live)
    }

    mutating func link(_ title: TitleID, to content: ContentID) { records[Int(content)].newestTitle = title }

    /// Counts one shown title more; true for the first.
    mutating func show(_ content: ContentID) -> Bool { shownTitles.increment(content) == 1 }

    /// Counts one shown title less; true for the last.
    mutating func hide(_ content: ContentID) -> Bool { shownTitles.decrement(content) == 0 }

    /// Counts one source more that may be shown; true for the first.
    mutating func gainSource(_ content: ContentID) -> Bool { liveCounts.increment(content) == 1 }

    /// Counts one source less that may be shown.
    mutating func loseSource(_ content: ContentID) { liveCounts.decrement(content) }
}
