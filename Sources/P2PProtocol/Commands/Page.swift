/// Which part of a long answer is asked for: `[LIMIT n] [CURSOR c]`.
package struct Page: Hashable, Sendable {
    /// Entries of one answer, 1 to 1,000.
    package var limit: Int
    /// What an earlier answer gave to go on with; nil for the beginning, which `0` means too.
    package var cursor: Bytes?

    package init(limit: Int = Limits.standard.pageDefault, cursor: Bytes? = nil) {
        (self.limit, self.cursor) = (limit, cursor)
    }

    var words: [Bytes] {
        var words: [Bytes] = []
        if limit != Limits.standard.pageDefault { words += [Bytes(ascii: "LIMIT"), Bytes(decimal: limit)] }
        if let cursor { words += [Bytes(ascii: "CURSOR"), cursor] }
        return words
    }
}
