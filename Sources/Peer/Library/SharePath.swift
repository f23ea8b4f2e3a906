package import P2PProtocol
internal import P2PRuntime

/// A place in the library's folders.
package struct SharePath: Hashable, Sendable {
    /// Which of the folders.
    package let folder: Int
    /// Below it; empty for itself.
    package let path: Bytes

    /// The place of that path in that folder.
    package init(folder: Int, path: Bytes) {
        (self.folder, self.path) = (folder, path)
    }

    /// Something in this folder.
    func child(_ name: Bytes) -> SharePath {
        SharePath(folder: folder, path: path.isEmpty ? name : Path.join(path, name))
    }

    /// Whether it is one of these folders or lies below one.
    package func isWithin(_ folders: Set<SharePath>) -> Bool {
        if folders.contains(self) { return true }
        let ends = path.indices.lazy.filter { path[$0] == UInt8(ascii: "/") }
        if ends.contains(where: { folders.contains(SharePath(folder: folder, path: Bytes(path[..<$0]))) }) {
            return true
        }
        return folders.contains(SharePath(folder: folder, path: []))
    }
}
