import P2PProtocol
import Testing

@Suite struct ExactNameTests {
    @Test(
        "matches the path, its last component, and that without its extension",
        arguments: [
            ("music/calm.mp3", ["music/calm.mp3", "calm.mp3", "calm"]), ("calm.mp3", ["calm.mp3", "calm"]),
            ("calm", ["calm"]), ("music/calm", ["music/calm", "calm"]), (".hidden", [".hidden"]), ("end.", ["end."]),
            ("a.tar.gz", ["a.tar.gz", "a.tar"]), ("mr. brightside", ["mr. brightside"]), ("a.b/c", ["a.b/c", "c"]),
            ("vol. 1 x.mp3", ["vol. 1 x.mp3", "vol. 1 x"]), ("x.averyveryverylongend", ["x.averyveryverylongend"]),
            ("i don't like you anymore.mp3", ["i don't like you anymore.mp3", "i don't like you anymore"]),
        ])
    func keys(text: String, keys: [String]) {
        let folded = Bytes(text.utf8)
        #expect(ExactName.keys(for: folded).map { String(decoding: folded[$0], as: UTF8.self) } == keys)
    }

    @Test(
        "knows the extension", arguments: [("a/b.mp3", "mp3"), ("a.b/c", ""), (".x", ""), ("x.", ""), ("1.7z", "7z")])
    func fileExtension(text: String, expected: String) {
        let folded = Bytes(text.utf8)
        #expect(Bytes(folded[ExactName(of: folded).fileExtension]) == Bytes(expected.utf8))
    }

    @Test("takes nothing for nothing")
    func empty() {
        #expect(ExactName.keys(for: []) == [0..<0])
    }
}
