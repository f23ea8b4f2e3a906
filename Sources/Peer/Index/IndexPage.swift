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

    /// Reads a page; entries that cannot be read are left out.
    init(_ reply: Reply, _ read: (Reply) -> Entry?) throws(IndexFailure) {
        guard let total = reply[0]?.integer, let next = reply[1]?.bytes, let entries = reply[2]?.array else {
            throw .garbled("an answer without a page")
        }
        self.init(
            total: total, next: next == Bytes(ascii: "0") ? nil : next, entries: entries.compactMap(read))
    }
}
