package import P2PProtocol

/// The ports that a program may listen on, in the order in which it tries them: `8888,7777,8889-8899`.
package struct PortList: Sendable, Equatable {
    /// Ranges in the order written; a single port is a range of one. Port 0 is any free port.
    package let ranges: [ClosedRange<UInt16>]

    /// Nil when the text is anything but ports and ranges between commas.
    package init?(_ text: Bytes) {
        guard !text.isEmpty, text.count <= 1_024 else { return nil }
        var ranges: [ClosedRange<UInt16>] = []
        for part in text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            guard let range = Self.range(part) else { return nil }
            ranges.append(range)
        }
        self.ranges = ranges
    }

    private static func range(_ text: ArraySlice<UInt8>) -> ClosedRange<UInt16>? {
        let ends = text.split(separator: UInt8(ascii: "-"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = ends.first.flatMap({ Decimal.parse($0, in: 0...65_535) }) else { return nil }
        guard ends.count == 2 else { return UInt16(first)...UInt16(first) }
        // A range of "any free port" to something means nothing.
        guard first > 0, let last = Decimal.parse(ends[1], in: first...65_535) else { return nil }
        return UInt16(first)...UInt16(last)
    }
}

extension PortList: Sequence {
    package func makeIterator() -> some IteratorProtocol<UInt16> {
        ranges.lazy.joined().makeIterator()
    }
}
