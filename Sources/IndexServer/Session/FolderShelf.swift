internal import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// Trees of folders that were made lately: the next page and the next folder need no walk while the list stays.
final class FolderShelf: Sendable {
    /// A tree that many may read at once.
    final class Tree: Sendable {
        let version: ListVersion
        let folders: FolderTree

        init(version: ListVersion, folders: FolderTree) {
            (self.version, self.folders) = (version, folders)
        }
    }

    private static let capacityBytes = 64 << 20
    private static let lifetime: Duration = .seconds(60)

    /// Whose turn it is to make a tree.
    let turns = Turns()
    /// The last used is the last.
    private let kept = Mutex<[(tree: Tree, lastUse: Moment)]>([])

    func find(_ version: ListVersion) -> Tree? {
        kept.withLock { kept in
            guard let index = kept.firstIndex(where: { $0.tree.version == version }) else { return nil }
            let tree = kept.remove(at: index).tree
            kept.append((tree, .now))
            return tree
        }
    }

    /// Puts a tree on the shelf, and takes off what is older than there is room for. One that is greater than the whole
    /// shelf stays as long as no other comes.
    func keep(_ tree: Tree) {
        kept.withLock { kept in
            kept.removeAll { $0.tree.version.peer == tree.version.peer }
            kept.append((tree, .now))
            var bytes = kept.reduce(0) { $0 + $1.tree.folders.byteCount }
            while bytes > Self.capacityBytes, kept.count > 1 {
                bytes -= kept.removeFirst().tree.folders.byteCount
            }
        }
    }

    /// Lets go what nobody has used for a while, and what shows a list that is gone or another now.
    func age(now: Moment, _ engine: ReadersWriterLock<Engine>) {
        kept.withLock { kept in
            guard !kept.isEmpty else { return }
            engine.read { engine in
                kept.removeAll { tree, lastUse in
                    lastUse + Self.lifetime < now || (try? engine.listVersion(of: tree.version.peer)) != tree.version
                }
            }
        }
    }
}
