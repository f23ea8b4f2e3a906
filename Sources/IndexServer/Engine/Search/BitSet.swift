/// A set of small numbers, a bit each, with room for whole chunks of titles.
package struct BitSet: Sendable {
    private var words: [UInt64] = []
    /// How many numbers are in it.
    package private(set) var count = 0

    /// An empty set with room for the numbers below `bound`.
    package init(below bound: Int = 0) {
        let chunks = (bound + Postings.chunkTitles - 1) / Postings.chunkTitles
        words = [UInt64](repeating: 0, count: chunks * PostingChunk.words)
    }

    /// Whether a number is in it.
    package func contains(_ number: UInt32) -> Bool {
        let index = Int(number / 64)
        return index < words.count && words[index] & (1 << UInt64(number % 64)) != 0
    }

    /// Lends the bits of a chunk, 1,024 words; nil when it has no room for any of them.
    func withChunk<Result>(_ chunk: UInt32, _ body: (UnsafePointer<UInt64>?) -> Result) -> Result {
        let start = Int(chunk) * PostingChunk.words
        return words.withUnsafeBufferPointer { words in
            body(start < words.count ? words.baseAddress.map { $0 + start } : nil)
        }
    }

    /// The numbers, ascending.
    func forEach(_ body: (UInt32) -> Void) {
        for (index, bits) in words.enumerated() {
            var rest = bits
            while rest != 0 {
                body(UInt32(index * 64 + rest.trailingZeroBitCount))
                rest &= rest - 1
            }
        }
    }

    /// The numbers that are in either.
    func union(_ other: BitSet) -> BitSet {
        var union = words.count < other.words.count ? other : self
        let rest = words.count < other.words.count ? words : other.words
        for index in rest.indices { union.words[index] |= rest[index] }
        union.count = union.words.reduce(0) { $0 + $1.nonzeroBitCount }
        return union
    }

    /// The numbers that are in both.
    func intersection(_ other: BitSet) -> BitSet {
        var intersection = self
        for index in words.indices { intersection.words[index] &= index < other.words.count ? other.words[index] : 0 }
        intersection.count = intersection.words.reduce(0) { $0 + $1.nonzeroBitCount }
        return intersection
    }

    /// The numbers below `bound` that are not in it.
    func complement(below bound: Int) -> BitSet {
        var complement = BitSet(below: bound)
        let (whole, rest) = (bound / 64, bound % 64)
        for index in 0..<whole { complement.words[index] = ~(index < words.count ? words[index] : 0) }
        if rest > 0 { complement.words[whole] = ~(whole < words.count ? words[whole] : 0) & ~(~0 << UInt64(rest)) }
        complement.count = complement.words.reduce(0) { $0 + $1.nonzeroBitCount }
        return complement
    }

    /// Adds a number, making room as needed; false when it was there.
    @discardableResult
    package mutating func insert(_ number: UInt32) -> Bool {
        let bit: UInt64 = 1 << UInt64(number % 64)
        if words.count <= Int(number / 64) { grow(for: number) }
        guard words[Int(number / 64)] & bit == 0 else { return false }
        words[Int(number / 64)] |= bit
        count += 1
        return true
    }

    /// Adds the titles of a chunk for which there is room.
    package mutating func formUnion(_ chunk: PostingChunk, at number: UInt32) {
        let start = Int(number) * PostingChunk.words
        guard start < words.count else { return }
        count += words.withUnsafeMutableBufferPointer { words in
            guard let bits = words.baseAddress.map({ $0 + start }) else { return 0 }
            if case .bits(let more, _) = chunk { return ChunkBits.add(bits, more) }
            var added = 0
            chunk.forEach { low in
                let word = bits[Int(low >> 6)]
                added &+= Int(truncatingIfNeeded: ~(word &>> UInt64(low & 63)) & 1)
                bits[Int(low >> 6)] = word | 1 &<< UInt64(low & 63)
            }
            return added
        }
    }

    /// Takes a number out.
    package mutating func remove(_ number: UInt32) {
        guard contains(number) else { return }
        words[Int(number / 64)] &= ~(1 << UInt64(number % 64))
        count -= 1
    }

    /// How many numbers of the set are below `number`: the place that it gets when the others are closed up.
    package func rank(of number: UInt32) -> UInt32 {
        let index = min(Int(number / 64), words.count)
        var rank = words[..<index].reduce(0) { $0 + $1.nonzeroBitCount }
        if index < words.count { rank += (words[index] & ~(~0 << UInt64(number % 64))).nonzeroBitCount }
        return UInt32(rank)
    }

    private mutating func grow(for number: UInt32) {
        let chunks = Int(number >> Postings.chunkBits) + 1
        let more = chunks * PostingChunk.words - words.count
        words.reserveForGrowth(by: more)
        words.append(contentsOf: repeatElement(0, count: more))
    }
}
