package import P2PProtocol

/// One line of BROWSE: a file, or a folder with what is in it summed up.
package struct BrowseEntry: Sendable, Equatable {
    /// The last component; a folder's ends in a slash.
    package let name: Bytes
    package let size: Int?
    package let root: Digest?

    package init(name: Bytes, size: Int?, root: Digest?) {
        (self.name, self.size, self.root) = (name, size, root)
    }
}

/// One page of BROWSE.
package typealias BrowsePage = (total: Int, next: Bytes, entries: [BrowseEntry])

/// BROWSE: one peer's files, a folder at a time. What is hidden is not in it.
extension Engine {
    /// The entries of a folder (nil: of the whole list) in bytewise order, files and folders mixed. In one go; a server
    /// takes the steps of `Browsing`.
    package func browse(_ id: PeerID, folder: Name? = nil, page: Page) throws(Refusal) -> BrowsePage {
        var walk = try beginWalk(of: id)
        while try !advance(&walk) {}
        let tree = walk.finish()
        var chosen = try beginPage(of: tree, folder: folder, page: page)
        while chosen?.advance(tree, catalog) == false {}
        return finish(chosen, of: tree, folder: folder)
    }

    /// What a tree of a peer's folders has to be made from now.
    package func listVersion(of id: PeerID) throws(Refusal) -> ListVersion {
        guard let slot = slot(id) else { throw .noSuchPeer(id) }
        return ListVersion(peer: id, change: peers[Int(slot)].listChange, epoch: epoch)
    }

    /// The way through a peer's list, at its beginning.
    package func beginWalk(of id: PeerID) throws(Refusal) -> FolderWalk {
        FolderWalk(try listVersion(of: id))
    }

    /// One step of a walk; true when it was the last. What comes or goes meanwhile may be in the tree or not.
    package func advance(_ walk: inout FolderWalk) throws(Refusal) -> Bool {
        guard let slot = slot(walk.version.peer) else { throw .noSuchPeer(walk.version.peer) }
        return try walk.advance(peers[Int(slot)].titles, catalog) { shows($0, of: slot) }
    }

    /// The first lines of a folder from where the cursor says; nil when there is no such folder.
    func beginPage(of tree: FolderTree, folder: Name?, page: Page) throws(Refusal) -> FolderPage? {
        let path = folder.map { $0.bytes + [UInt8(ascii: "/")] } ?? []
        let start = try entryName(page.cursor, in: path)
        return find(path, in: tree).map { FolderPage(of: tree[$0], from: start, limit: page.limit) }
    }

    func finish(_ page: FolderPage?, of tree: FolderTree, folder: Name?) -> BrowsePage {
        let path = folder.map { $0.bytes + [UInt8(ascii: "/")] } ?? []
        guard let page, let folder = find(path, in: tree) else { return (0, Cursor.end, []) }
        let (entries, next) = page.result(tree, self)
        let cursor = next.map { Cursor(phase: .rest, title: $0, epoch: epoch).text }
        return (Int(tree[folder].lines), cursor ?? Cursor.end, entries)
    }

    private func find(_ path: Bytes, in tree: FolderTree) -> FolderTree.FolderID? {
        tree.find(path.span) { catalog.isPath(of: $0, path) }
    }

    /// The line that a cursor means: it holds a title that is the line, or in it.
    private func entryName(_ text: Bytes?, in folder: Bytes) throws(Refusal) -> Bytes {
        guard let cursor = try Cursor.parse(text) else { return [] }
        guard let title = renumberings.follow(cursor.title, since: cursor.epoch), title < catalog.titles.count else {
            throw .badCursor
        }
        let path = catalog.names.bytes(catalog.titles[Int(title)].name)
        guard path.starts(with: folder) else { throw .badCursor }
        let rest = path[folder.count...]
        guard let slash = rest.firstIndex(of: UInt8(ascii: "/")) else { return Bytes(rest) }
        return Bytes(rest[...slash])
    }
}
