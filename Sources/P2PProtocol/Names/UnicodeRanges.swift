/// A set of scalars as sorted ranges: small, and quick enough for what is shown to people.
struct UnicodeRanges: Sendable {
    private let ranges: [ClosedRange<UInt32>]

    /// Scalars that take two columns of a terminal.
    static let wide = UnicodeRanges(UnicodeData.wide)
    /// Scalars that take none.
    static let zeroWidth = UnicodeRanges(UnicodeData.zeroWidth)
    /// Scalars that are shown escaped.
    static let unprintable = UnicodeRanges(UnicodeData.unprintable)

    private init(_ data: StaticString) {
        ranges = Self.parse(data)
    }

    func contains(_ scalar: UInt32) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < scalar { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(scalar)
    }

    /// The ranges written in the data, as `first` or `first-last` between spaces and line ends.
    static func parse(_ data: StaticString) -> [ClosedRange<UInt32>] {
        parse(Bytes(ascii: data).split { $0 <= UInt8(ascii: " ") })
    }

    static func parse(_ words: [ArraySlice<UInt8>]) -> [ClosedRange<UInt32>] {
        words.compactMap { word in
            let ends = word.split(separator: UInt8(ascii: "-")).compactMap { hexadecimal($0) }
            guard let first = ends.first, let last = ends.last, first <= last else { return nil }
            return first...last
        }
    }

    static func hexadecimal(_ digits: some Sequence<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        for digit in digits {
            guard let nibble = Hex.value(digit), value < 0x100_0000 else { return nil }
            value = value << 4 | UInt32(nibble)
        }
        return value
    }
}

/// The lines `head: word word …` of the data.
struct UnicodeLines: Sequence, IteratorProtocol {
    private var lines: [ArraySlice<UInt8>].Iterator

    init(_ data: StaticString) {
        lines = Bytes(ascii: data).split(separator: UInt8(ascii: "\n")).makeIterator()
    }

    mutating func next() -> (head: ArraySlice<UInt8>, words: [ArraySlice<UInt8>])? {
        guard let line = lines.next(), let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        return (line[..<colon], line[(colon + 1)...].split(separator: UInt8(ascii: " ")))
    }
}
