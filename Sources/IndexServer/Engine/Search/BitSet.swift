/// A set of small numbers, a bit each.
struct BitSet {
    private var words: [UInt64]
    private(set) var count = 0

    /// An empty set with room for the numbers below `bound`.
    init(below bound: Int = 0) {
        words = [UInt64](repeating: 0, count: (bound + 63) / 64)
    }

    func contains(_ number: UInt32) -> Bool {
        let index = Int(number / 64)
        return index < words.count && words[index] & (1 << UInt64(number % 64)) != 0
    }

    /// The bits of the 64 numbers from `index * 64` on.
    func word(at index: Int) -> UInt64 { index < words.count ? words[index] : 0 }

    /// Adds the titles of a chunk for which there is room.
    mutating func formUnion(_ chunk: PostingChunk, at number: UInt32) {
        let start = Int(number) * PostingChunk.words
        words.withUnsafeMutableBufferPointer { words in
            var added = 0
            if case .bits(let bits, _) = chunk {
                for index in 0..<max(0, min(PostingChunk.words, words.count - start)) {
                    added += (bits[index] & ~words[start + index]).nonzeroBitCount
                    words[start + index] |= bits[index]
                }
            } else {
                chunk.forEach { low in
                    let index = start + Int(low >> 6)
                    guard index < words.count else { return }
                    let bit: UInt64 = 1 << UInt64(low & 63)
                    added += words[index] & bit == 0 ? 1 : 0
                    words[index] |= bit
                }
            }
            count += added
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

    /// Adds a number, making room as needed; false when it was there.
    @discardableResult
    mutating func insert(_ number: UInt32) -> Bool {
        let bit: UInt64 = 1 << UInt64(number % 64)
        while words.count <= Int(number / 64) { words.appendTightly(0) }
        guard words[Int(number / 64)] & bit == 0 else { return false }
        words[Int(number / 64)] |= bit
        count += 1
        return true
    }

    mutating func remove(_ number: UInt32) {
        guard contains(number) else { return }
        words[Int(number / 64)] &= ~(1 << UInt64(number % 64))
        count -= 1
    }

    /// The first number in the set that is not below `number`.
    func first(from number: UInt32) -> UInt32? {
        var index = Int(number / 64)
        guard index < words.count else { return nil }
        var word = words[index] & (~0 << UInt64(number % 64))
        while word == 0 {
            index += 1
            guard index < words.count else { return nil }
            word = words[index]
        }
        return UInt32(index * 64 + word.trailingZeroBitCount)
    }

    /// How many numbers of the set are below `number`: the place that it gets when the others are closed up.
    func rank(of number: UInt32) -> UInt32 {
        let index = min(Int(number / 64), words.count)
        var rank = words[..<index].reduce(0) { $0 + $1.nonzeroBitCount }
        if index < words.count { rank += (words[index] & ~(~0 << UInt64(number % 64))).nonzeroBitCount }
        return UInt32(rank)
    }
}
