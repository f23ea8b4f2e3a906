/// `LIST [query] [LIMIT n] [CURSOR c]`
package struct ListRequest: Hashable, Sendable {
    /// The query as it was given, its arguments joined; empty for all names.
    package let query: Bytes
    package let page: Page

    package init(query: Bytes = [], page: Page = Page()) {
        (self.query, self.page) = (query, page)
    }

    init(reading reader: inout CommandReader) throws(WireError) {
        reader.keepQuotes()
        let clauses = try TrailingClauses(reading: &reader, keeping: 0)
        self.init(query: try reader.joinedRest("query"), page: clauses.page)
    }

    var words: [Bytes] {
        [Bytes(ascii: "LIST")] + (query.isEmpty ? [] : [query]) + page.words
    }
}
