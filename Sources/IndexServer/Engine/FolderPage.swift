internal import P2PProtocol

/// One page of a folder on its way: the first lines from a name on, chosen in steps from a folder of any size.
struct FolderPage: Sendable {
    private struct Line: Sendable {
        let name: Bytes
        /// A title that is the line, or lies in it.
        let title: TitleID
        /// Nil for a file.
        let folder: FolderTree.FolderID?
    }

    private static let linesPerStep = 8 << 10

    private let start: Bytes
    private let limit: Int
    private let prefix: Int
    private var nextFolder: FolderTree.FolderID
    private var nextFile: UInt32
    /// The first so far, in no order: twice as many as are wanted at most, so that sorting them is seldom.
    private var lines: [Line] = []
    /// No name from this one on is wanted.
    private var end: Bytes?

    init(of folder: FolderTree.Folder, from start: Bytes, limit: Int) {
        (self.start, self.limit) = (start, limit)
        prefix = Int(folder.pathBytes)
        (nextFolder, nextFile) = (folder.firstFolder, folder.firstFile)
    }

    /// Looks at some more lines; true when it has seen all.
    mutating func advance(_ tree: FolderTree, _ catalog: borrowing Catalog) -> Bool {
        var budget = Self.linesPerStep
        while nextFolder != .none, budget > 0 {
            let folder = tree[nextFolder]
            offer(folder.sample, upTo: Int(folder.pathBytes), nextFolder, catalog)
            nextFolder = folder.next
            budget -= 1
        }
        while nextFile != .none, budget > 0 {
            let file = tree.file(nextFile)
            offer(file.title, upTo: nil, nil, catalog)
            nextFile = file.next
            budget -= 1
        }
        guard nextFolder == .none, nextFile == .none else { return false }
        settle()
        return true
    }

    /// What was chosen, and the title at which the next page begins.
    func result(_ tree: FolderTree, _ engine: borrowing Engine) -> (entries: [BrowseEntry], next: TitleID?) {
        var entries: [BrowseEntry] = []
        for line in lines.prefix(limit) {
            if let folder = line.folder {
                entries.append(BrowseEntry(name: line.name, size: tree[folder].size, root: nil))
            } else {
                let content = engine.catalog.titles[Int(line.title)].content
                let (size, root) = (engine.size(of: content), engine.catalog.contents.root(of: content))
                entries.append(BrowseEntry(name: line.name, size: size, root: root))
            }
        }
        return (entries, lines.dropFirst(limit).first?.title)
    }

    private mutating func offer(
        _ title: TitleID, upTo length: Int?, _ folder: FolderTree.FolderID?, _ catalog: borrowing Catalog
    ) {
        let name = catalog.names.withBytes(catalog.titles[Int(title)].name) { path -> Bytes? in
            path.extracting(prefix..<(length ?? path.count)).withUnsafeBufferPointer { name in
                if name.lexicographicallyPrecedes(start) { return nil }
                if let end, !name.lexicographicallyPrecedes(end) { return nil }
                return Bytes(name)
            }
        }
        guard let name else { return }
        lines.append(Line(name: name, title: title, folder: folder))
        if lines.count / 2 > limit { settle() }
    }

    /// Keeps the first lines in their order: one more than the page has, where the next page begins.
    private mutating func settle() {
        lines.sort { $0.name.lexicographicallyPrecedes($1.name) }
        guard lines.count > limit else { return }
        lines.removeLast(lines.count - limit - 1)
        end = lines.last?.name
    }
}
