package import P2PProtocol

/// Which of several numbered things are meant: `2`, `1,3-5`, `all`.
package enum Selection {
    /// The places, counted from 0, in the order given and each once; nil when the text is none of that, or names
    /// something that is not there.
    package static func parse(_ text: Bytes, of count: Int) -> [Int]? {
        let text = text.filter { $0 != UInt8(ascii: " ") }
        if text == Bytes(ascii: "all") { return Array(0..<max(0, count)) }
        var chosen: [Int] = []
        for part in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let ends = part.split(separator: UInt8(ascii: "-"), maxSplits: 1, omittingEmptySubsequences: false)
            guard count > 0, let start = ends.first, let first = Decimal.parse(start, in: 1...count) else { return nil }
            guard let last = ends.count == 1 ? first : Decimal.parse(ends[1], in: first...count) else { return nil }
            for place in (first - 1)..<last where !chosen.contains(place) { chosen.append(place) }
        }
        return chosen.isEmpty ? nil : chosen
    }
}
