/// `SEARCH <query> [LIMIT n] [CURSOR c] [OFFLINE]`
package struct SearchRequest: Hashable, Sendable {
    /// The query as it was given, its arguments joined; `Query` reads it.
    package let query: Bytes
    package let page: Page
    /// Whether contents are wanted whose peers are not connected.
    package let offline: Bool

    package init(query: Bytes, page: Page = Page(), offline: Bool = false) {
        (self.query, self.page, self.offline) = (query, page, offline)
    }

    init(reading reader: inout CommandReader) throws(WireError) {
        reader.keepQuotes()
        let clauses = try TrailingClauses(reading: &reader, keeping: 1, allowsOffline: true)
        self.init(query: try reader.joinedRest("query"), page: clauses.page, offline: clauses.offline)
    }

    var words: [Bytes] {
        [Bytes(ascii: "SEARCH"), query] + page.words + (offline ? [Bytes(ascii: "OFFLINE")] : [])
    }
}
