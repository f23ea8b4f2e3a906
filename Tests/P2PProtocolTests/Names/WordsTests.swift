import P2PProtocol
import TestSupport
import Testing

@Suite struct WordsTests {
    @Test(
        "splits folded text into runs of letters and digits, ideographs alone",
        arguments: [
            ("", []), ("!!! --", []), ("song_01.mp3", ["song", "01", "mp3"]), ("i don't", ["i", "don", "t"]),
            ("漢字 kana カナ", ["漢", "字", "kana", "カナ"]), ("ab漢cd", ["ab", "漢", "cd"]), ("日々", ["日", "々"]),
            ("елка 1½", ["елка", "1½"]), ("a/b", ["a", "b"]), ("か\u{3099}き", ["か\u{3099}き"]), ("🎉party🎉", ["party"]),
            ("𠀀𠀁", ["𠀀", "𠀁"]),
        ])
    func splits(text: String, words: [String]) {
        let folded = Bytes(text.utf8)
        #expect(Words(folded).map { String(decoding: folded[$0], as: UTF8.self) } == words)
    }

    @Test("counts bytes that are no UTF-8 as letters [attack A44]")
    func invalid() {
        let folded: Bytes = [0x61, 0xFF, 0x62, 0x20, 0xC0, 0xAE]
        #expect(Array(Words(folded)) == [0..<3, 4..<6])
    }

    @Test("looks at a part only, whatever part is asked for")
    func part() {
        let folded = Bytes(ascii: "one two three")
        #expect(Array(Words(folded, in: 2..<6)) == [2..<3, 4..<6])
        #expect(Array(Words(folded, in: 8..<99)) == [8..<13])
        #expect(Array(Words(folded, in: 50..<99)).isEmpty)
    }

    @Test("words lie in order, apart and inside; each folds to itself", arguments: [1, 2] as [UInt64])
    func sound(seed: UInt64) {
        var random = Seeded(seed: seed)
        for _ in 0..<1_000 {
            let folded = Folding.fold(NameBytes.any(using: &random))
            var last = 0
            for word in Words(folded) {
                #expect(word.lowerBound >= last && !word.isEmpty && word.upperBound <= folded.count)
                #expect(Folding.fold(folded[word]) == Bytes(folded[word]))
                last = word.upperBound
            }
        }
    }
}
