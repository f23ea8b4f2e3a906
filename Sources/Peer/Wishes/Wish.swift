package import P2PProtocol

/// What somebody would like to have, if only it were there.
package struct Wish: Equatable, Sendable {
    /// By which its user names it; never given twice.
    package let number: Int
    /// In the words of a search.
    package let query: Bytes
    /// Whether what matches is fetched; otherwise its user is only told.
    package let isFetched: Bool

    package init(number: Int, query: Bytes, isFetched: Bool) {
        (self.number, self.query, self.isFetched) = (number, query, isFetched)
    }
}

extension Wish {
    /// A wish as the list in the state has it: `3 get calm sea`.
    var line: Bytes { Bytes("\(number) \(isFetched ? "get" : "tell") ".utf8) + query }

    /// Nil when it is none.
    init?(line: Bytes) {
        let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
        guard parts.count == 3, let number = Decimal.parse(parts[0]), number > 0 else { return nil }
        self.init(number: number, query: Bytes(parts[2]), isFetched: parts[1].elementsEqual(Bytes(ascii: "get")))
    }

    /// For programs.
    package var json: JSON {
        .object([
            JSON.Member("number", .integer(number)), JSON.Member("query", .text(display(query))),
            JSON.Member("get", .bool(isFetched)),
        ])
    }
}
