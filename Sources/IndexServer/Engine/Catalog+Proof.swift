/// What changes when a peer's port is proven, or no longer is.
extension Catalog {
    /// Shows entries of one peer and says which of their contents came to life. `counted` goes from call to call.
    mutating func reveal(_ held: [TitleID], of peer: PeerSlot, _ counted: inout Set<ContentID>) -> [TitleID] {
        var found: [TitleID] = []
        for title in held {
            defer { compaction?.follow(title, in: self) }
            show(title)
            let content = titles[Int(title)].content
            guard isFirst(content, of: peer, among: &counted) else { continue }
            if contents.gainSource(content) { found.append(title) }
        }
        return found
    }

    /// The reverse.
    mutating func conceal(_ held: [TitleID], of peer: PeerSlot, _ counted: inout Set<ContentID>) {
        for title in held {
            defer { compaction?.follow(title, in: self) }
            hide(title)
            let content = titles[Int(title)].content
            if isFirst(content, of: peer, among: &counted) { contents.loseSource(content) }
        }
    }

    /// A peer is one source however many names it has for a content. Only those with several are remembered.
    private func isFirst(_ content: ContentID, of peer: PeerSlot, among counted: inout Set<ContentID>) -> Bool {
        let list = contents.sources(content)
        guard let index = sources.position(of: peer, in: list) else { return false }
        return sources.source(at: index, of: list).copies <= 1 || counted.insert(content).inserted
    }
}
