/// `UPD GOT <root|name> FROM <id> [AS path] [COPY|MOVE]`: the caller has it now.
package struct Acquisition: Hashable, Sendable {
    package let content: ContentReference
    package let giver: Int
    /// The caller's own name for it; nil for the last component of the giver's.
    package let path: Name?
    package let ownership: Ownership

    package init(content: ContentReference, giver: Int, path: Name? = nil, ownership: Ownership = .copy) {
        (self.content, self.giver, self.path, self.ownership) = (content, giver, path, ownership)
    }

    init(reading reader: inout CommandReader) throws(WireError) {
        let content = try reader.content()
        guard reader.take("FROM") else { throw reader.fault("FROM and an id are missing") }
        let giver = try reader.peer()
        var (path, ownership): (Name?, Ownership) = (nil, .copy)
        while let option = reader.next() {
            if Keyword(option) == "AS" {
                path = try reader.name()
            } else if let mode = Ownership(Keyword(option)) {
                ownership = mode
            } else {
                throw reader.unknownOption(option)
            }
        }
        self.init(content: content, giver: giver, path: path, ownership: ownership)
    }

    var words: [Bytes] {
        var words = [content.word, Bytes(ascii: "FROM"), Bytes(decimal: giver)]
        if let path { words += [Bytes(ascii: "AS"), path.bytes] }
        return words + [ownership.word]
    }
}
