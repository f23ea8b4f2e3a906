/// A short query of ASCII words without any operator, such as a program types that looks for a name: read in one pass
/// into room of its own, without a heap object. What is not plain is left to `Query`.
package struct PlainWords {
    private var bytes = InlineArray<120, UInt8>(repeating: 0)
    private var length = 0
    private var starts = InlineArray<16, UInt8>(repeating: 0)
    private var ends = InlineArray<16, UInt8>(repeating: 0)
    /// How many words there are: at least one.
    package private(set) var count = 0

    /// Nil for what is not plain, long, or no word.
    package init?(_ text: UnsafeBufferPointer<UInt8>) {
        guard !text.isEmpty, text.count <= bytes.count else { return nil }
        guard text[0] != UInt8(ascii: " "), text[text.count - 1] != UInt8(ascii: " ") else { return nil }
        var term = 0
        var isInWord = false
        for (index, byte) in text.enumerated() {
            guard byte >= UInt8(ascii: " "), byte < 0x7F else { return nil }
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "*"): return nil
            case UInt8(ascii: "-") where index == term: return nil
            case UInt8(ascii: ":")
            where QueryOperator(Keyword(UnsafeBufferPointer(rebasing: text[term..<index]))) != nil:
                return nil
            case UInt8(ascii: " "): term = index + 1
            default: break
            }
            let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            let folded = isUpper ? byte | 0x20 : byte
            bytes[index] = folded
            let isLetter = folded &- UInt8(ascii: "0") < 10 || folded &- UInt8(ascii: "a") < 26
            if isLetter, !isInWord {
                guard count < starts.count else { return nil }
                starts[count] = UInt8(index)
                count += 1
            }
            if isLetter { ends[count - 1] = UInt8(index + 1) }
            isInWord = isLetter
        }
        guard count > 0 else { return nil }
        length = text.count
    }

    /// Lends one of the words.
    package func withWord<Result>(_ index: Int, _ body: (Span<UInt8>) -> Result) -> Result {
        body(bytes.span.extracting(Int(starts[index])..<Int(ends[index])))
    }

    /// The longest word: the one that the fewest names are likely to have.
    package var longest: Int {
        var longest = 0
        for index in 1..<max(1, count) where ends[index] - starts[index] > ends[longest] - starts[longest] {
            longest = index
        }
        return longest
    }

    /// Lends the folded text.
    package func withText<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        body(bytes.span.extracting(0..<length))
    }
}

extension CommandParser {
    /// The words of the last command if it is a SEARCH for plain words and nothing else; `bytes` as they were given to
    /// `next`.
    package func plainSearch(in bytes: Span<UInt8>) -> PlainWords? {
        guard let (name, text) = twoArguments, name.count == Self.search.utf8CodeUnitCount else { return nil }
        return bytes.withUnsafeBufferPointer { bytes in
            for (index, letter) in UnsafeBufferPointer(start: Self.search.utf8Start, count: name.count).enumerated() {
                guard bytes[name.lowerBound + index] & 0xDF == letter else { return nil }
            }
            // What may be a clause is not plain.
            guard text.count > Self.longestClause else { return nil }
            return PlainWords(UnsafeBufferPointer(rebasing: bytes[text]))
        }
    }

    private static let search: StaticString = "SEARCH"
    private static let longestClause = 7
}
