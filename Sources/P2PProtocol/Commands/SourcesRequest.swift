/// `SOURCES <root|name> [LIMIT n] [CURSOR c]`
package struct SourcesRequest: Hashable, Sendable {
    package let content: ContentReference
    package let page: Page

    package init(content: ContentReference, page: Page = Page()) {
        (self.content, self.page) = (content, page)
    }

    init(reading reader: inout CommandReader) throws(WireError) {
        let clauses = try TrailingClauses(reading: &reader, keeping: 1)
        self.init(content: try reader.content(), page: clauses.page)
        try reader.finish()
    }

    var words: [Bytes] {
        [Bytes(ascii: "SOURCES"), content.word] + page.words
    }
}
