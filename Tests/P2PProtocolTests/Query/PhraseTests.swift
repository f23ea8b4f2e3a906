import P2PProtocol
import TestSupport
import Testing

@Suite struct PhraseTests {
    @Test(
        "a phrase is words that follow one another, whatever stands between them",
        arguments: [
            ("calm sea", "01 - Calm_Sea.mp3", true), ("calm sea", "calm the sea", false),
            ("calm sea", "sea calm", false),
            ("calm sea", "calm seas", false), ("calm sea", "calmsea", false), ("a a b", "a a a b", true),
            ("a b a c", "a b a b a c", true), ("sea", "the.sea", true), ("sea", "", false), ("calm sea", "calm", false),
        ])
    func table(_ words: String, _ name: String, _ expected: Bool) {
        let phrase = Phrase(words.split(separator: " ").map { Bytes($0.utf8) })
        #expect(phrase.isIn(Folding.fold(name.utf8)) == expected)
        #expect(phrase.isIn(ascii: Bytes(name.utf8).span) == expected)
    }

    @Test("an ASCII name has what its folding has", arguments: 1...200 as ClosedRange<UInt64>)
    func agreement(_ seed: UInt64) {
        var random = Seeded(seed: seed)
        let letters = Bytes("aabBc1 ._".utf8)
        for _ in 0..<50 {
            let name = (0..<Int.random(in: 0...24, using: &random)).map { _ in
                letters[Int.random(in: 0..<letters.count, using: &random)]
            }
            let words = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                Folding.fold([letters[Int.random(in: 0..<6, using: &random)]])
            }
            let phrase = Phrase(words)
            #expect(phrase.isIn(ascii: name.span) == phrase.isIn(Folding.fold(name)))
        }
    }

    @Test("a name that is not ASCII is left to its folding")
    func others() {
        #expect(Phrase([Bytes("sea".utf8)]).isIn(ascii: Bytes("Sea of Å".utf8).span) == nil)
    }
}
