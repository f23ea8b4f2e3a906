internal import P2PRuntime

/// Which files are being hashed, so that two runs never do the same work.
struct HashClaims {
    private var claimed: Set<FileIdentity> = []
    private var postponed: [FileIdentity: [LibraryEntry]] = [:]

    /// Those of the files that nobody has in hand; the others come back from whoever releases theirs.
    mutating func claim(_ files: [LibraryEntry]) -> [LibraryEntry] {
        let free = files.filter { !claimed.contains($0.identity) }
        for file in files where claimed.contains(file.identity) {
            postponed[file.identity, default: []].append(file)
        }
        claimed.formUnion(free.map(\.identity))
        return free
    }

    /// Gives files back; returns what others wanted of the same content meanwhile.
    mutating func release(_ files: [LibraryEntry]) -> [LibraryEntry] {
        claimed.subtract(files.map(\.identity))
        return files.flatMap { postponed.removeValue(forKey: $0.identity) ?? [] }
    }
}
