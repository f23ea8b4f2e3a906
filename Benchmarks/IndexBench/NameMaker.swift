import TestSupport

/// Names as music shares have them, all different: `Artist - Album - 07 - Title.mp3`, some 56 bytes long. The same
/// arguments make the same names everywhere.
struct NameMaker {
    /// A name with the numbers of the words of its title, in their order.
    struct Made {
        var text: [UInt8]
        /// Of the whole name, a word once for every time it stands there.
        var words: [Int]
        var title: ArraySlice<Int> { words.suffix(titleLength) }
        var titleLength: Int
    }

    let vocabulary: Vocabulary
    private var seeded: Seeded
    private var known: Set<UInt64> = []
    private var artist: [Int] = []
    private var album: [Int] = []
    private var albumsLeft = 0
    private var track = 0
    private var tracks = 0
    private var ending = ""

    init(count: Int, seed: UInt64 = 6_699) {
        vocabulary = Vocabulary(forNames: count, seed: seed)
        seeded = Seeded(seed: seed &+ 1)
    }

    mutating func next() -> Made {
        while true {
            if track == tracks { nextAlbum() }
            track += 1
            let title = phrase(1...5)
            var text: [UInt8] = []
            append(artist, to: &text)
            text += " - ".utf8
            append(album, to: &text)
            text += " - \(track < 10 ? "0" : "")\(track) - ".utf8
            append(title, to: &text)
            text += ending.utf8
            if known.insert(Self.hash(text)).inserted {
                return Made(text: text, words: artist + album + title, titleLength: title.count)
            }
        }
    }

    private mutating func nextAlbum() {
        if albumsLeft == 0 {
            artist = phrase(1...3)
            albumsLeft = .random(in: 1...9, using: &seeded)
        }
        albumsLeft -= 1
        album = phrase(1...4)
        (track, tracks) = (0, .random(in: 7...18, using: &seeded))
        ending = Self.endings.randomElement(using: &seeded) ?? ".mp3"
    }

    private static let endings = [".mp3", ".mp3", ".mp3", ".mp3", ".mp3", ".mp3", ".flac", ".flac", ".ogg", ".m4a"]

    private mutating func phrase(_ lengths: ClosedRange<Int>) -> [Int] {
        // The middle of the range more often than its ends.
        let sum = Int.random(in: lengths, using: &seeded) + Int.random(in: lengths, using: &seeded)
        return (0..<(sum / 2)).map { _ in vocabulary.draw(&seeded) }
    }

    private func append(_ phrase: [Int], to text: inout [UInt8]) {
        for (place, word) in phrase.enumerated() {
            if place > 0 { text.append(UInt8(ascii: " ")) }
            let letters = vocabulary.words[word]
            text.append(contentsOf: letters.prefix(1).map { $0 & 0xDF })
            text.append(contentsOf: letters.dropFirst())
        }
    }

    private static func hash(_ text: [UInt8]) -> UInt64 {
        text.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}
