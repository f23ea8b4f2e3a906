package import P2PProtocol
package import P2PRuntime

/// The folders that `peer share add` has added, in the peer's state. A running peer looks at them again and again.
package struct SavedShares: Sendable {
    private let list: SavedList

    /// The list that is kept in that file, which need not be there.
    package init(file: Bytes) {
        list = SavedList(file: file)
    }

    /// The folders' paths, in the order in which they were added.
    package var paths: [Bytes] { list.entries }

    /// Adds a folder; false when it is there already.
    package func add(_ path: Bytes) throws(SystemError) -> Bool {
        let paths = paths
        guard !paths.contains(path) else { return false }
        try list.save(paths + [path])
        return true
    }

    /// Takes a folder away; false when it is not there.
    package func remove(_ path: Bytes) throws(SystemError) -> Bool {
        let paths = paths
        guard paths.contains(path) else { return false }
        try list.save(paths.filter { $0 != path })
        return true
    }
}
