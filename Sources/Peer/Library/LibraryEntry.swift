package import P2PProtocol
package import P2PRuntime

/// One file that this peer shares.
package struct LibraryEntry: Hashable, Sendable {
    package let name: Name
    /// Which file it is and that it has not changed since it was listed.
    package let identity: FileIdentity
    /// The content's identity; nil until the file was hashed.
    package internal(set) var root: Digest?
    /// Which of the library's folders it lies in.
    package let folder: Int

    package init(name: Name, identity: FileIdentity, root: Digest?, folder: Int) {
        self.name = name
        self.identity = identity
        self.root = root
        self.folder = folder
    }

    package var size: Int { identity.size }
}
