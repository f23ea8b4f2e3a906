internal import P2PProtocol
internal import P2PRuntime

/// The items of a request's query, read with the limits of the RESP commands.
struct APIQuery {
    private let items: [QueryItem]
    private let limits: Limits

    init(_ request: HTTPRequest, _ limits: Limits) throws(WireError) {
        guard let items = request.head.target.items else { throw WireError("an escape in the query is broken") }
        (self.items, self.limits) = (items, limits)
    }

    /// The first item of this name; nil too when it is empty.
    func text(_ name: StaticString) -> Bytes? {
        let name = Bytes(ascii: name)
        guard let value = items.first(where: { $0.name == name })?.value, !value.isEmpty else { return nil }
        return value
    }

    func flag(_ name: StaticString) throws(WireError) -> Bool {
        switch text(name) {
        case nil, Bytes(ascii: "0"), Bytes(ascii: "false"): false
        case Bytes(ascii: "1"), Bytes(ascii: "true"): true
        default: throw WireError("\(name) is not 0 or 1")
        }
    }

    /// `limit` and `cursor`.
    func page() throws(WireError) -> Page {
        var page = Page(limit: limits.pageDefault)
        if let text = text("limit") {
            guard let limit = Decimal.parse(text, in: 1...limits.pageMaximum) else {
                throw WireError("limit is not a number from 1 to \(limits.pageMaximum)")
            }
            page.limit = limit
        }
        if let cursor = text("cursor"), cursor != [UInt8(ascii: "0")] {
            guard cursor.count <= limits.labelBytes else { throw WireError("cursor is not valid") }
            page.cursor = cursor
        }
        return page
    }

    func query() throws(WireError) -> Query {
        guard let text = text("q") else { throw WireError("q is missing") }
        return try Query.parse(text, limits: limits)
    }

    func peer() throws(WireError) -> PeerID {
        guard let text = text("id"), let id = Decimal.parse(text) else { throw WireError("id is not that of a peer") }
        return id
    }

    /// Folders end in `/` where they are listed, and may do so where they are asked for.
    func folder() throws(WireError) -> Name? {
        guard var path = text("path") else { return nil }
        if path.last == UInt8(ascii: "/") { path.removeLast() }
        return path.isEmpty ? nil : try Name(path)
    }
}
