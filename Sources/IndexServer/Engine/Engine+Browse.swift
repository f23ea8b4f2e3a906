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

/// BROWSE: one peer's files, a folder at a time. What is hidden is not in it.
extension Engine {
    /// The entries of a folder (nil: of the whole list) in bytewise order, files and folders mixed.
    package func browse(
        _ id: PeerID, folder: Name? = nil, page: Page
    ) throws(Refusal) -> (total: Int, next: Bytes, entries: [BrowseEntry]) {
        guard let slot = slot(id) else { throw .noSuchPeer(id) }
        let prefix = folder.map { $0.bytes + [UInt8(ascii: "/")] } ?? []
        let start = try entryName(page.cursor, in: prefix)
        let all = folderLines(of: slot, in: prefix)
        let rest = all.drop { $0.entry.name.lexicographicallyPrecedes(start) }
        let next = rest.dropFirst(page.limit).first.map { Cursor(phase: .rest, title: $0.title, epoch: epoch).text }
        return (all.count, next ?? [UInt8(ascii: "0")], rest.prefix(page.limit).map(\.entry))
    }

    /// The line that a cursor means: it holds a title that is the line, or in it.
    private func entryName(_ text: Bytes?, in folder: Bytes) throws(Refusal) -> Bytes {
        guard let cursor = try Cursor.parse(text) else { return [] }
        guard let title = renumberings.follow(cursor.title, since: cursor.epoch), title < catalog.titles.count else {
            throw .badCursor
        }
        let path = catalog.names.bytes(catalog.titles[Int(title)].name)
        guard path.starts(with: folder) else { throw .badCursor }
        return line(of: path, in: folder)
    }

    /// The part of a path that a folder shows: the next component, with its slash when more follows.
    private func line(of path: Bytes, in folder: Bytes) -> Bytes {
        let rest = path[folder.count...]
        guard let slash = rest.firstIndex(of: UInt8(ascii: "/")) else { return Bytes(rest) }
        return Bytes(rest[...slash])
    }

    private func folderLines(of slot: PeerSlot, in folder: Bytes) -> [(entry: BrowseEntry, title: TitleID)] {
        var lines: [Bytes: (entry: BrowseEntry, title: TitleID)] = [:]
        peers[Int(slot)].titles.forEach { title in
            let content = catalog.titles[Int(title)].content
            guard shows(content, of: slot) else { return }
            let path = catalog.names.bytes(catalog.titles[Int(title)].name)
            guard path.starts(with: folder) else { return }
            let name = line(of: path, in: folder)
            let isFolder = name.last == UInt8(ascii: "/")
            let sum = (lines[name]?.entry.size ?? 0).addingReportingOverflow(size(of: content) ?? 0)
            let size = isFolder ? (sum.overflow ? .max : sum.partialValue) : size(of: content)
            let root = isFolder ? nil : catalog.contents.root(of: content)
            lines[name] = (BrowseEntry(name: name, size: size, root: root), title)
        }
        return lines.values.sorted { $0.entry.name.lexicographicallyPrecedes($1.entry.name) }
    }
}
