/// What a request asks for: a path and a query, as they were sent. Neither is ever a path of a disk.
package struct RequestTarget: Equatable, Sendable {
    /// With its escapes and its leading slash; empty for `OPTIONS *` and for CONNECT.
    package let path: Bytes
    /// What stands after the first question mark, with its escapes.
    package let query: Bytes?

    /// A path of our own making, or nil when it is none.
    package init?(_ text: Bytes) {
        guard text.first == HTTPGrammar.slash, text.allSatisfy(HTTPGrammar.isTarget) else { return nil }
        self.init(origin: text[...])
    }

    init(origin text: ArraySlice<UInt8>) {
        let mark = text.firstIndex(of: UInt8(ascii: "?"))
        path = Bytes(text[..<(mark ?? text.endIndex)])
        query = mark.map { Bytes(text[$0...].dropFirst()) }
    }

    /// The parts of the path, decoded after they were split, so that an escaped slash never makes two of one. Nil
    /// when an escape is broken. Nothing is resolved: `..` is two dots.
    package var components: [Bytes]? {
        var parts: [Bytes] = []
        for part in path.dropFirst().split(separator: HTTPGrammar.slash, omittingEmptySubsequences: false) {
            guard let decoded = PercentEncoding.decode(part) else { return nil }
            parts.append(decoded)
        }
        return parts
    }

    /// The items of the query as an HTML form sends them (`+` is a space). Nil when an escape is broken.
    package var items: [QueryItem]? {
        var items: [QueryItem] = []
        for item in (query ?? []).split(separator: UInt8(ascii: "&")) {
            let name = item.prefix { $0 != UInt8(ascii: "=") }
            let value = item.dropFirst(name.count + 1)
            guard let name = PercentEncoding.decodeForm(name), let value = PercentEncoding.decodeForm(value) else {
                return nil
            }
            items.append(QueryItem(name: name, value: value))
        }
        return items
    }

    /// The value of the first item with this name; nil too when the query is broken.
    package func value(of name: StaticString) -> Bytes? {
        let name = Bytes(ascii: name)
        return items?.first { $0.name == name }?.value
    }

    /// The target as it travels.
    package var bytes: Bytes {
        guard let query else { return path }
        return path + [UInt8(ascii: "?")] + query
    }
}

/// One `name=value` of a query, decoded.
package struct QueryItem: Equatable, Sendable {
    package let name: Bytes
    package let value: Bytes
}
