/// Words that follow one another.
package struct Phrase: Hashable, Sendable {
    package let words: [Bytes]
    /// For each beginning of the phrase, the length of its longest proper beginning that is also its end.
    private let fallbacks: [Int]

    package init(_ words: [Bytes]) {
        self.words = words
        var fallbacks = [Int](repeating: 0, count: words.count)
        for index in words.indices.dropFirst() {
            var length = fallbacks[index - 1]
            while length > 0, words[index] != words[length] { length = fallbacks[length - 1] }
            fallbacks[index] = words[index] == words[length] ? length + 1 : 0
        }
        self.fallbacks = fallbacks
    }

    /// Whether a folded name has the phrase. Knuth, Morris and Pratt's search over words: `a a a b` in `a a a … a` must
    /// not cost their product.
    package func isIn(_ folded: Bytes) -> Bool {
        var matched = 0
        for range in Words(folded) {
            while matched > 0, !Self.isWord(words[matched], at: range, of: folded) { matched = fallbacks[matched - 1] }
            if matched < words.count, Self.isWord(words[matched], at: range, of: folded) { matched += 1 }
            if matched == words.count { return true }
        }
        return words.isEmpty
    }

    /// The same of a name as it was given, if that is ASCII, of which folding changes letters alone: nothing is made.
    /// Nil when it is not.
    package func isIn(ascii name: Span<UInt8>) -> Bool? {
        guard Folding.isASCII(name) else { return nil }
        guard let first = words.first?.first else { return words.isEmpty }
        var (matched, position) = (0, 0)
        while matched < words.count {
            if matched == 0 {
                // Most words are passed over without being taken apart.
                guard let start = Self.beginning(with: first, in: name, from: position) else { return false }
                position = start
            }
            guard let range = Self.nextWord(in: name, from: position) else { return false }
            while matched > 0, !Self.isWord(words[matched], at: range, of: name) { matched = fallbacks[matched - 1] }
            if Self.isWord(words[matched], at: range, of: name) { matched += 1 }
            position = range.upperBound
        }
        return true
    }

    /// Where the next word begins that has this first letter, in either case; eight bytes at a time while they last.
    private static func beginning(with letter: UInt8, in name: Span<UInt8>, from position: Int) -> Int? {
        name.withUnsafeBytes { bytes in
            var index = position
            let wanted = UInt64(letter) &* 0x0101_0101_0101_0101
            while index < bytes.count {
                if index + 8 <= bytes.count {
                    let eight = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) | 0x2020_2020_2020_2020
                    let other = eight ^ wanted
                    // A high bit for each byte that is the letter, and at times for one behind it.
                    if (other &- 0x0101_0101_0101_0101) & ~other & 0x8080_8080_8080_8080 == 0 {
                        index += 8
                        continue
                    }
                }
                let end = min(index + 8, bytes.count)
                while index < end {
                    let isBeginning = index == 0 || !Words.isLetter(bytes[index - 1])
                    if isBeginning, bytes[index] | 0x20 == letter, Words.isLetter(bytes[index]) { return index }
                    index += 1
                }
            }
            return nil
        }
    }

    private static func nextWord(in name: Span<UInt8>, from position: Int) -> Range<Int>? {
        var start = position
        while start < name.count, !Words.isLetter(name[start]) { start += 1 }
        guard start < name.count else { return nil }
        var end = start + 1
        while end < name.count, Words.isLetter(name[end]) { end += 1 }
        return start..<end
    }

    private static func isWord(_ word: Bytes, at range: Range<Int>, of name: Span<UInt8>) -> Bool {
        word.count == range.count && Folding.isASCII(name.extracting(range), foldedTo: word.span)
    }

    private static func isWord(_ word: Bytes, at range: Range<Int>, of folded: Bytes) -> Bool {
        guard word.count == range.count else { return false }
        for index in 0..<word.count where word[index] != folded[range.lowerBound + index] { return false }
        return true
    }
}
