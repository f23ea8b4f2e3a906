package import P2PProtocol

/// A file or folder of another peer, as `BROWSE` lists it.
package struct BrowseEntry: Hashable, Sendable {
    /// Folders end in `/`.
    package let name: Bytes
    /// Of a folder the sum.
    package let size: Int?
    package let root: Digest?

    package init(name: Bytes, size: Int?, root: Digest?) {
        (self.name, self.size, self.root) = (name, size, root)
    }

    init?(_ reply: Reply) {
        guard let name = reply["name"]?.bytes else { return nil }
        self.name = name
        size = reply["size"]?.integer
        root = reply["root"]?.bytes.flatMap { Digest(hex: $0) }
    }
}
