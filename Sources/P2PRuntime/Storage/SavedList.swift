package import P2PProtocol

/// A short list in a file, its entries divided by NULs. Whoever uses it may look again and again, and so hears of every
/// change that another program makes.
package struct SavedList: Sendable {
    private let file: Bytes
    private let limit: Int

    /// The list that is kept in that file, which need not be there; one of more bytes than `limit` is none of ours.
    package init(file: Bytes, limit: Int = Limits.standard.jsonBytes) {
        (self.file, self.limit) = (file, limit)
    }

    /// In the order in which they were added.
    package var entries: [Bytes] {
        (AtomicFile.load(file, atMost: limit) ?? []).split(separator: 0).map { Bytes($0) }
    }

    /// Puts these in the place of what is there.
    package func save(_ entries: [Bytes]) throws(SystemError) {
        try AtomicFile.save(Bytes(entries.map { $0 + [0] }.joined()), to: file)
    }
}
