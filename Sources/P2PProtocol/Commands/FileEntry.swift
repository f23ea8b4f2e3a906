/// One entry of a peer's list. `FILES` entries have a size, and a root as soon as they are hashed; `NAMES` entries have
/// neither. The entries of one command are of one kind.
package struct FileEntry: Hashable, Sendable {
    package let name: Name
    /// Bytes, nil for a `NAMES` entry.
    package let size: Int?
    /// The content root, nil while it is not known.
    package let root: Digest?

    /// A `NAMES` entry.
    package init(name: Name) {
        (self.name, size, root) = (name, nil, nil)
    }

    /// A `FILES` entry.
    package init(name: Name, size: Int, root: Digest?) {
        (self.name, self.size, self.root) = (name, size, root)
    }
}

extension CommandReader {
    /// `NAMES name…` or `FILES (path size root)…`: takes all that is left.
    mutating func entries() throws(WireError) -> [FileEntry]? {
        if take("NAMES") { return try nameEntries() }
        if take("FILES") { return try fileEntries() }
        return nil
    }

    private mutating func nameEntries() throws(WireError) -> [FileEntry] {
        var entries: [FileEntry] = []
        entries.reserveCapacity(remaining)
        while let text = next() { entries.append(FileEntry(name: try name(from: text))) }
        return entries
    }

    private mutating func fileEntries() throws(WireError) -> [FileEntry] {
        guard remaining.isMultiple(of: 3) else {
            throw fault("FILES is not followed by triples of path, size and root")
        }
        var entries: [FileEntry] = []
        entries.reserveCapacity(remaining / 3)
        while remaining > 0 {
            let name = try name()
            let size = try number("size", in: 0...limits.fileBytes)
            entries.append(FileEntry(name: name, size: size, root: take("-") ? nil : try digest("root")))
        }
        return entries
    }
}

extension [FileEntry] {
    /// The entries as the end of a command: nothing when there are none.
    var words: [Bytes] {
        guard let first else { return [] }
        guard first.size != nil else { return [Bytes(ascii: "NAMES")] + map(\.name.bytes) }
        var words = [Bytes(ascii: "FILES")]
        words.reserveCapacity(count * 3 + 1)
        for entry in self {
            words.append(entry.name.bytes)
            words.append(Bytes(decimal: entry.size ?? 0))
            words.append(entry.root?.hex ?? Bytes(ascii: "-"))
        }
        return words
    }
}
