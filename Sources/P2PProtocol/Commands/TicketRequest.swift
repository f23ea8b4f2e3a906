/// `TICKET <root|*> <id>`: a signed pass to a giver.
package struct TicketRequest: Hashable, Sendable {
    /// The content that it opens; nil for the giver's share list.
    package let root: Digest?
    package let giver: Int

    package init(root: Digest?, giver: Int) {
        (self.root, self.giver) = (root, giver)
    }

    init(reading reader: inout CommandReader) throws(WireError) {
        let root = reader.take("*") ? nil : try reader.digest("root")
        self.init(root: root, giver: try reader.peer())
    }

    var words: [Bytes] {
        [Bytes(ascii: "TICKET"), root?.hex ?? Bytes(ascii: "*"), Bytes(decimal: giver)]
    }
}
