package import P2PProtocol
package import P2PRuntime

/// One content that was found, with everybody who has it on any server.
package struct FoundContent: Hashable, Sendable {
    /// As an index sent it: for display, not checked.
    package let name: Bytes
    package let size: Int?
    package let root: Digest?
    package internal(set) var holders: [Holder]
    /// How many have it in all, as far as the servers say.
    package internal(set) var count: Int
    /// The folder that it goes to, below the one where downloads go; harmless already, and empty for none.
    package internal(set) var folder: Bytes = []

    package init(name: Bytes, size: Int?, root: Digest?, holders: [Holder], count: Int? = nil) {
        (self.name, self.size, self.root, self.holders) = (name, size, root, holders)
        self.count = max(count ?? 0, holders.count)
    }
}

extension FoundContent {
    /// What makes two hits the same content: root and size, so that who lies about the size has a content of their own;
    /// without a root the name and the size.
    private enum Identity: Hashable {
        case root(Digest, size: Int?)
        case name(Bytes, size: Int?)

        init(_ hit: IndexHit) {
            self = hit.root.map { .root($0, size: hit.size) } ?? .name(hit.name, size: hit.size)
        }
    }

    /// The hits of several servers as one list. Each server's order is kept; what stands further up with one of them
    /// stands further up.
    package static func merge(_ answers: [(server: ServerAddress, hits: [IndexHit])]) -> [FoundContent] {
        var merged: [FoundContent] = []
        var places: [Identity: Int] = [:]
        let longest = answers.map(\.hits.count).max() ?? 0
        for rank in 0..<longest {
            for answer in answers where rank < answer.hits.count {
                let hit = answer.hits[rank]
                let holders = hit.sources.map { Holder(server: answer.server, source: $0) }
                if let place = places[Identity(hit)] {
                    merged[place].join(holders, count: hit.count)
                } else {
                    places[Identity(hit)] = merged.count
                    merged.append(
                        FoundContent(
                            name: hit.name, size: hit.size, root: hit.root, holders: holders, count: hit.count))
                }
            }
        }
        return merged
    }

    /// Adds another server's holders. A peer that is registered with both has one address, and counts once.
    private mutating func join(_ others: [Holder], count otherCount: Int) {
        let known = Set(holders.compactMap(\.source.endpoint))
        let fresh = others.filter { holder in holder.source.endpoint.map { !known.contains($0) } ?? true }
        holders += fresh
        count = max(count, otherCount, holders.count)
    }
}

extension FoundContent {
    /// Where it goes, below the folder where downloads go.
    package var localName: Bytes {
        let name = LocalName(component: Path.lastComponent(of: name)).bytes
        return folder.isEmpty ? name : Path.join(folder, name)
    }

    /// The same with one of its holders to be asked first.
    package func preferring(_ holder: Holder) -> FoundContent {
        var content = self
        content.holders.removeAll { $0 == holder }
        content.holders.insert(holder, at: 0)
        return content
    }

    /// Why it cannot be downloaded now, in words for a person; nil when it can.
    package var obstacle: String? {
        if size == nil { return "only its name is known: whoever listed it does not serve the file" }
        if root == nil { return "its owner is still hashing it; try again in a moment" }
        return holders.contains { $0.source.endpoint != nil } ? nil : "nobody who has it is connected"
    }
}
