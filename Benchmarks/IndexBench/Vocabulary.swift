import TestSupport

/// Made-up words with the frequencies of real ones: the word of rank r is used 1/r as often as the first.
struct Vocabulary {
    /// Lower case, the most used first.
    let words: [[UInt8]]
    private let cumulated: [Double]

    /// A list of names twice as long has more words: a few for every hundred names, as real lists do, so that some
    /// words stay rare however long it gets.
    init(forNames count: Int, seed: UInt64) {
        var seeded = Seeded(seed: seed)
        var words = Self.everyday.map { Array($0.utf8) }
        var known = Set(words)
        let size = 20_000 + count / 20
        while words.count < size {
            let word = Self.word(syllables: Self.syllables(atRank: words.count, &seeded), &seeded)
            if known.insert(word).inserted { words.append(word) }
        }
        self.words = words
        var sum = 0.0
        cumulated = (1...size).map { rank in
            sum += 1 / Double(rank)
            return sum
        }
    }

    /// The number of a word, drawn by its frequency.
    func draw(_ seeded: inout Seeded) -> Int {
        let point = Double.random(in: 0..<(cumulated.last ?? 0), using: &seeded)
        var (low, high) = (0, cumulated.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if cumulated[middle] > point { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private static let everyday = [
        "the", "a", "of", "love", "in", "you", "and", "my", "to", "night", "on", "live", "me", "no", "time", "blue",
    ]
    private static let onsets = [
        "", "b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "w", "y", "bl", "cr", "gl", "sh",
        "tr",
    ]
    private static let vowels = ["a", "e", "i", "o", "u", "ay", "ee", "oa", "ou", "ie"]
    private static let codas = ["", "", "", "l", "m", "n", "r", "s", "t", "ck", "nd", "rk", "st", "x"]

    /// Words that are used much are short.
    private static func syllables(atRank rank: Int, _ seeded: inout Seeded) -> Int {
        switch rank {
        case ..<400: 1
        case ..<4_000: .random(in: 1...2, using: &seeded)
        default: .random(in: 2...4, using: &seeded)
        }
    }

    private static func word(syllables: Int, _ seeded: inout Seeded) -> [UInt8] {
        var text = ""
        for _ in 0..<syllables {
            for part in [onsets, vowels, codas] { text += part.randomElement(using: &seeded) ?? "" }
        }
        return Array(text.utf8)
    }
}
