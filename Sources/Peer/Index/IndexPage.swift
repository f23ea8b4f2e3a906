package import P2PProtocol

/// A part of a long answer: `[total, next-cursor, [entry…]]`.
package struct IndexPage<Entry: Sendable>: Sendable {
    package let total: Int
    /// What to go on with; nil at the end.
    package let next: Bytes?
    package let entries: [Entry]

    package init(total: Int, next: Bytes?, entries: [Entry]) {
        (self.total, self.next, self.entries) = (total, next, entries)
    }

    /// The entries of one page after the other, up to `limit` of them.
    static func all(
        upTo limit: Int = .max, _ read: (Page) async throws(IndexFailure) -> IndexPage<Entry>
    ) async throws(IndexFailure) -> [Entry] {
        var entries: [Entry] = []
        var page = Page(limit: Limits.standard.pageMaximum)
        repeat {
            let part = try await read(page)
            entries += part.entries
            // A page without entries, or one that leads to itself, would never come to an end.
            guard !part.entries.isEmpty, part.next != page.cursor else { break }
            page.cursor = part.next
        } while page.cursor != nil && entries.count < limit
        return entries.count > limit ? Array(entries.prefix(limit)) : entries
    }

    /// Reads a page; entries that cannot be read are left out.
    init(_ reply: Reply, _ read: (Reply) -> Entry?) throws(IndexFailure) {
        guard let total = reply[0]?.integer, let next = reply[1]?.bytes, let entries = reply[2]?.array else {
            throw .garbled("an answer without a page")
        }
        self.init(
            total: total, next: next == Bytes(ascii: "0") ? nil : next, entries: entries.compactMap(read))
    }
}
