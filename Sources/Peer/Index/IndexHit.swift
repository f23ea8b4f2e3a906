package import P2PProtocol

/// One content that an index found, with some of those who have it.
package struct IndexHit: Hashable, Sendable {
    /// As an index sent it: for display, not checked.
    package let name: Bytes
    /// Nil when only the name is known.
    package let size: Int?
    /// Nil when only the name is known, or its owner has not hashed it yet.
    package let root: Digest?
    package let sources: [IndexSource]
    /// How many have it in all.
    package let count: Int

    package init(name: Bytes, size: Int?, root: Digest?, sources: [IndexSource], count: Int? = nil) {
        (self.name, self.size, self.root, self.sources) = (name, size, root, sources)
        self.count = max(count ?? 0, sources.count)
    }

    /// Reads the map `name size root sources count`.
    init?(_ reply: Reply) {
        guard let name = reply["name"]?.bytes, let sources = reply["sources"]?.array else { return nil }
        let size = reply["size"]?.integer
        if let size, size < 0 || size > Limits.standard.fileBytes { return nil }
        self.init(
            name: name, size: size, root: reply["root"]?.bytes.flatMap { Digest(hex: $0) },
            sources: sources.compactMap { IndexSource($0) }, count: reply["count"]?.integer)
    }
}
