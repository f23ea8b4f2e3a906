internal import P2PProtocol

/// Which words follow one another in a name: four of 64 bits for each pair, which is about the best for eight pairs: of
/// the names that have the words of a phrase, few need to be read to know that they do not have the phrase.
struct WordPairs: Equatable, Sendable {
    private var bits: UInt64 = 0

    init() {}

    init(of words: [Bytes]) {
        for (first, second) in zip(words, words.dropFirst()) {
            insert(IDTable.hash(first.span), IDTable.hash(second.span))
        }
    }

    /// Adds a pair of words by their hashes.
    mutating func insert(_ first: UInt32, _ second: UInt32) {
        let mixed = (UInt64(first) << 32 | UInt64(second)) &* 0x9E37_79B9_7F4A_7C15
        bits |= 1 << (mixed >> 58) | 1 << (mixed >> 52 & 63) | 1 << (mixed >> 46 & 63) | 1 << (mixed >> 40 & 63)
    }

    /// Whether all pairs of `other` may be among these.
    func mayHold(_ other: WordPairs) -> Bool { bits & other.bits == other.bits }
}
