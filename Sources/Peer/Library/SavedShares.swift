package import P2PProtocol
package import P2PRuntime

/// The folders that `peer share add` has added: a file of the peer's state, the paths divided by NULs. A running peer
/// looks at it again and again, and so hears of every change.
package struct SavedShares: Sendable {
    private let file: Bytes

    /// The list that is kept in that file, which need not be there.
    package init(file: Bytes) {
        self.file = file
    }

    /// The folders' paths, in the order in which they were added.
    package var paths: [Bytes] {
        let text = AtomicFile.load(file, atMost: Limits.standard.jsonBytes) ?? []
        return text.split(separator: 0).map { Bytes($0) }
    }

    /// Adds a folder; false when it is there already.
    package func add(_ path: Bytes) throws(SystemError) -> Bool {
        let paths = paths
        guard !paths.contains(path) else { return false }
        try save(paths + [path])
        return true
    }

    /// Takes a folder away; false when it is not there.
    package func remove(_ path: Bytes) throws(SystemError) -> Bool {
        let paths = paths
        guard paths.contains(path) else { return false }
        try save(paths.filter { $0 != path })
        return true
    }

    private func save(_ paths: [Bytes]) throws(SystemError) {
        try AtomicFile.save(Bytes(paths.map { $0 + [0] }.joined()), to: file)
    }
}
