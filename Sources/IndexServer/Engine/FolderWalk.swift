internal import P2PProtocol

/// Which list a tree of folders was made from: it holds until the list changes or titles get other numbers.
package struct ListVersion: Hashable, Sendable {
    /// Whose list.
    package let peer: PeerID
    let change: Int
    let epoch: Int
}

/// A peer's list on its way into a tree of folders, in steps.
package struct FolderWalk: Sendable {
    /// Of which list.
    package let version: ListVersion
    private var tree = FolderTree()
    /// Titles below this one have had their turn.
    private var next: TitleID = 0
    private var folder = FolderTree.top

    private static let titlesPerStep = 8 << 10
    /// A tree of more folders than this beside two a file is refused: names of a thousand slashes are no share.
    private static let spareFolders = 64 << 10

    init(_ version: ListVersion) { self.version = version }

    /// Takes some more titles in; true when it has all of them.
    mutating func advance(
        _ list: TitleSet, _ catalog: borrowing Catalog, shows: (ContentID) -> Bool
    ) throws(Refusal) -> Bool {
        let limit = 2 * list.count + Self.spareFolders
        var budget = Self.titlesPerStep
        while budget > 0 {
            guard let title = list.first(from: next) else { return true }
            next = title + 1
            budget -= 1
            let content = catalog.titles[Int(title)].content
            guard shows(content) else { continue }
            let before = tree.folders.count
            enter(title, size: catalog.contents[content].size, catalog)
            budget -= tree.folders.count - before
            guard tree.folders.count <= limit else { throw .foldersTooMany }
        }
        return false
    }

    /// The tree, when all titles are in it.
    consuming func finish() -> FolderTree {
        tree.sum()
        return tree
    }

    private mutating func enter(_ title: TitleID, size: Int, _ catalog: borrowing Catalog) {
        let path = catalog.names.bytes(catalog.titles[Int(title)].name)
        var length = path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
        // Neighbours mostly lie in one folder.
        if !isFolder(folder, path, length, catalog) {
            var missing: [Int] = []
            var found: FolderTree.FolderID?
            while found == nil {
                found = tree.find(path.span.extracting(0..<length)) { catalog.isPath(of: $0, path) }
                guard found == nil else { break }
                missing.append(length)
                length = path[..<(length - 1)].lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
            }
            folder = found ?? FolderTree.top
            for length in missing.reversed() {
                folder = tree.add(path.span.extracting(0..<length), in: folder, sample: title)
            }
        }
        tree.add(title, size: size, to: folder)
    }

    private func isFolder(
        _ folder: FolderTree.FolderID, _ path: Bytes, _ length: Int, _ catalog: borrowing Catalog
    ) -> Bool {
        guard Int(tree[folder].pathBytes) == length else { return false }
        return length == 0 || catalog.isPath(of: tree[folder], path)
    }
}

extension Catalog {
    /// Whether `path` begins with the path of a folder.
    func isPath(of folder: FolderTree.Folder, _ path: Bytes) -> Bool {
        let count = Int(folder.pathBytes)
        return names.withBytes(titles[Int(folder.sample)].name) { sample in
            guard count <= sample.count, count <= path.count else { return false }
            return path.span.extracting(0..<count).withUnsafeBufferPointer { one in
                sample.extracting(0..<count).withUnsafeBufferPointer { one.elementsEqual($0) }
            }
        }
    }
}
