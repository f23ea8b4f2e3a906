/// `BROWSE <id> [PATH dir] [LIMIT n] [CURSOR c]`
package struct BrowseRequest: Hashable, Sendable {
    package let peer: Int
    /// The folder to open, nil for the top.
    package let folder: Name?
    package let page: Page

    package init(peer: Int, folder: Name? = nil, page: Page = Page()) {
        (self.peer, self.folder, self.page) = (peer, folder, page)
    }

    init(reading reader: inout CommandReader) throws(WireError) {
        // `PATH limit` is a folder's name, not the beginning of a clause.
        let hasPath = reader.remaining > 1 && Keyword(reader.arguments[reader.index + 1]) == "PATH"
        let clauses = try TrailingClauses(reading: &reader, keeping: hasPath ? 3 : 1)
        let peer = try reader.peer()
        let folder = reader.take("PATH") ? try Self.folder(&reader) : nil
        if let option = reader.next() { throw reader.unknownOption(option) }
        self.init(peer: peer, folder: folder, page: clauses.page)
    }

    /// Folders end in `/` where they are listed, and may do so where they are asked for.
    private static func folder(_ reader: inout CommandReader) throws(WireError) -> Name? {
        var text = try reader.text()
        if text.last == UInt8(ascii: "/") { text = UnsafeBufferPointer(rebasing: text.dropLast()) }
        return text.isEmpty ? nil : try reader.name(from: text)
    }

    var words: [Bytes] {
        let path = folder.map { [Bytes(ascii: "PATH"), $0.bytes] } ?? []
        return [Bytes(ascii: "BROWSE"), Bytes(decimal: peer)] + path + page.words
    }
}
