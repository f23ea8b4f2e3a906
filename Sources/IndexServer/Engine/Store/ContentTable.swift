internal import P2PProtocol

/// Every content once, by its identity.
struct ContentTable {
    private struct SizedRoot: Hashable {
        let root: Digest
        let size: Int
    }

    private(set) var records: [Content] = []
    private var roots: [Digest] = []
    private var table = IDTable()
    /// Contents whose root is known under another size already: liars and errors, so these may cost more.
    private var otherSizes: [SizedRoot: ContentID] = [:]
    private var contentsOfOtherSizes: [Digest: [ContentID]] = [:]

    func find(_ identity: ContentIdentity) -> ContentID? {
        guard case .hashed(let root, let size) = identity else {
            return table.find(hash(identity)) { self.identity(of: $0) == identity }
        }
        guard let first = first(root) else { return nil }
        return records[Int(first)].size == size ? first : otherSizes[SizedRoot(root: root, size: size)]
    }

    /// The number of a content, new or old.
    mutating func intern(_ identity: ContentIdentity) -> ContentID {
        if let known = find(identity) { return known }
        let content = ContentID(records.count)
        switch identity {
        case .hashed(let root, let size): addHashed(root, size, as: content)
        case .unhashed(let name, let size):
            records.appendTightly(Content(size: size, key: name, kind: .unhashed))
            table.insert(hash(identity), content)
        case .bare(let name):
            records.appendTightly(Content(size: 0, key: name, kind: .bare))
            table.insert(hash(identity), content)
        }
        return content
    }

    /// Every content that claims a root: one, unless somebody is wrong about its size.
    func contents(of root: Digest) -> [ContentID] {
        guard let first = first(root) else { return [] }
        return [first] + (contentsOfOtherSizes[root] ?? [])
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

    subscript(_ content: ContentID) -> Content {
        _read { yield records[Int(content)] }
        _modify { yield &records[Int(content)] }
    }

    private mutating func addHashed(_ root: Digest, _ size: Int, as content: ContentID) {
        if first(root) == nil {
            table.insert(hash(.hashed(root, size: size)), content)
        } else {
            otherSizes[SizedRoot(root: root, size: size)] = content
            contentsOfOtherSizes[root, default: []].append(content)
        }
        roots.appendTightly(root)
        records.appendTightly(Content(size: size, key: UInt32(roots.count - 1), kind: .hashed))
    }

    private func first(_ root: Digest) -> ContentID? {
        table.find(hash(.hashed(root, size: 0))) {
            let record = records[Int($0)]
            return record.kind == .hashed && roots[Int(record.key)] == root
        }
    }

    /// A root is hashed whole: a stranger chooses its bytes.
    private func hash(_ identity: ContentIdentity) -> UInt32 {
        switch identity {
        case .hashed(let root, _):
            var hasher = Hasher()
            hasher.combine(root)
            return UInt32(truncatingIfNeeded: hasher.finalize())
        case .unhashed(let name, let size): return IDTable.hash(UInt64(name), UInt64(bitPattern: Int64(size)) &+ 1)
        case .bare(let name): return IDTable.hash(UInt64(name))
        }
    }
}
