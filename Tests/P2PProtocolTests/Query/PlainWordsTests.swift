import P2PProtocol
import TestSupport
import Testing

@Suite struct PlainWordsTests {
    private static func words(_ text: Bytes) -> (text: Bytes, words: [Bytes])? {
        text.withUnsafeBufferPointer { PlainWords($0) }.map { plain in
            (plain.withText { Bytes($0) }, (0..<plain.count).map { plain.withWord($0) { Bytes($0) } })
        }
    }

    @Test(
        "whatever is no plain ASCII word is left to the query's own grammar",
        arguments: [
            "", " ", "a ", " a", "a*", "*", "\"a\"", "a \"b", "-a", "a -b", "a - b", "name:x", "NAME:x", "a ext:mp3",
            "size:>1", "peer:1", "root:ab", "name:", "\u{e9}t\u{e9}", "a\tb", "a\0", "---", "...",
            String(repeating: "a", count: 121), String(repeating: "a ", count: 17),
        ])
    func others(_ text: String) {
        #expect(Self.words(Bytes(text.utf8)) == nil)
    }

    @Test("plain words are the query's terms, and their text is what exact names are compared with")
    func agreement() throws {
        var random = Seeded(seed: 1)
        let alphabet = Array("aB3-: ._/'*\"n".utf8) + Array("name".utf8)
        var plain = 0
        for _ in 0..<20_000 {
            let text = Bytes(
                (0..<Int.random(in: 1...12, using: &random)).map { _ in
                    alphabet.randomElement(using: &random) ?? 0
                })
            guard let found = Self.words(text) else { continue }
            plain += 1
            let query = try Query.parse(text)
            var terms: [Query.Term] = []
            for word in found.words where !terms.contains(Query.Term(.word(word))) {
                terms.append(Query.Term(.word(word)))
            }
            #expect(query.terms == terms)
            #expect(query.exactText == found.text)
        }
        #expect(plain > 1_000)
    }
}
