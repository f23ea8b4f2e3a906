internal import P2PProtocol
internal import P2PRuntime

/// What is shared, as a value: by name, and by content. Its mutations say whether anything changed that others see.
struct Catalogue {
    private(set) var entries: [Name: LibraryEntry] = [:]
    private var namesByRoot = NamesByRoot()

    /// Puts a file under its name. One that did not change keeps its root; a name that another folder has first
    /// stays with that folder.
    mutating func list(_ file: FolderScan.File, folder: Int, root: Digest? = nil) -> Bool {
        let old = entries[file.name]
        if let old, old.folder < folder { return false }
        let known = old?.identity == file.identity && old?.folder == folder ? old?.root : nil
        return put(LibraryEntry(name: file.name, identity: file.identity, root: root ?? known, folder: folder))
    }

    /// Notes the root of a file that was hashed, if it is still the file that it was.
    mutating func setRoot(_ root: Digest, of name: Name, identity: FileIdentity) -> Bool {
        guard var entry = entries[name], entry.identity == identity else { return false }
        entry.root = root
        return put(entry)
    }

    /// Takes an entry out if it is still as the caller saw it.
    mutating func remove(_ entry: LibraryEntry) -> Bool {
        guard let current = entries[entry.name] else { return false }
        guard current.identity == entry.identity, current.folder == entry.folder else { return false }
        forgetRoot(of: current)
        entries[entry.name] = nil
        return true
    }

    /// The entries with that content, in the order of their names.
    func entries(of root: Digest) -> [LibraryEntry] {
        namesByRoot[root].sorted().compactMap { entries[$0] }
    }

    private mutating func put(_ entry: LibraryEntry) -> Bool {
        let old = entries[entry.name]
        guard old != entry else { return false }
        if let old { forgetRoot(of: old) }
        if let root = entry.root { namesByRoot.insert(entry.name, of: root) }
        entries[entry.name] = entry
        // A new date or place of the same content is nothing that others see.
        return old?.root != entry.root || old?.size != entry.size
    }

    private mutating func forgetRoot(of entry: LibraryEntry) {
        if let root = entry.root { namesByRoot.remove(entry.name, of: root) }
    }
}

/// The names under which each content lies. Nearly always it is one: only further ones need a set.
private struct NamesByRoot {
    private var first: [Digest: Name] = [:]
    private var others: [Digest: Set<Name>] = [:]

    subscript(root: Digest) -> [Name] {
        guard let name = first[root] else { return [] }
        return [name] + (others[root] ?? [])
    }

    mutating func insert(_ name: Name, of root: Digest) {
        guard let known = first[root] else { return first[root] = name }
        if known != name { others[root, default: []].insert(name) }
    }

    mutating func remove(_ name: Name, of root: Digest) {
        if first[root] == name {
            first[root] = others[root]?.popFirst()
        } else {
            others[root]?.remove(name)
        }
        if others[root]?.isEmpty == true { others[root] = nil }
    }
}
