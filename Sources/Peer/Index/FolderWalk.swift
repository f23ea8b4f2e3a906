package import P2PProtocol

/// Everything below a folder of a peer's share, or in all of it (nil), which an index lists a folder at a time. A value: it says what to list
/// next, and takes what came. An index that makes folders up costs no more than the limits.
package struct FolderWalk: Sendable {
    /// A file below the folder.
    package struct File: Hashable, Sendable {
        package let name: Name
        package let size: Int?
        package let root: Digest?
    }

    private static let mostFolders = 65_536
    private static let deepest = 64

    private let top: Name?
    private let mostFiles: Int
    private var open: [Name?]
    private var known: Set<Name>
    package private(set) var files: [File] = []
    /// There was more than the limits allow.
    package private(set) var isCut = false

    package init(_ folder: Name?, mostFiles: Int = 100_000) {
        (top, open, known) = (folder, [folder], [])
        self.mostFiles = mostFiles
    }

    /// The next folder to list; nil when everything is known.
    package mutating func next() -> Name?? { open.popLast() }

    /// What a folder holds. What is no name, or does not lie in this folder, is left out.
    package mutating func take(_ entries: [BrowseEntry], of folder: Name?) {
        let slash = UInt8(ascii: "/")
        let beginning = folder.map { $0.bytes + [slash] } ?? []
        for entry in entries {
            let isFolder = entry.name.last == slash
            let component = isFolder ? entry.name.dropLast() : entry.name[...]
            guard !component.contains(slash), let name = Name(validating: beginning + component),
                known.insert(name).inserted
            else { continue }
            guard isFolder else {
                files.append(File(name: name, size: entry.size, root: entry.root))
                continue
            }
            open.append(name)
        }
        let depth = Self.depth(of: top) + Self.deepest
        let isTooMuch = files.count > mostFiles || known.count - files.count > Self.mostFolders
        let isTooDeep = open.contains { Self.depth(of: $0) >= depth }
        guard isTooMuch || isTooDeep else { return }
        isCut = true
        files = Array(files.prefix(mostFiles))
        open = isTooMuch ? [] : open.filter { Self.depth(of: $0) < depth }
    }

    private static func depth(of folder: Name?) -> Int { folder?.components.count ?? 0 }

    /// The files as they are fetched: each goes below a folder of the top's own name, by its place there.
    package var contents: [FoundContent] {
        let above = max(0, Self.depth(of: top) - 1)
        return files.sorted { $0.name < $1.name }.map { file in
            let folders = file.name.components.dropFirst(above).dropLast()
            var content = FoundContent(name: file.name.bytes, size: file.size, root: file.root, holders: [])
            let path = folders.joined(separator: [UInt8(ascii: "/")])
            content.folder = Name(validating: Bytes(path)).map { LocalName.relativePath(of: $0) } ?? []
            return content
        }
    }
}
