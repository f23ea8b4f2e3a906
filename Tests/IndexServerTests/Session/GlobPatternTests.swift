import IndexServer
import P2PProtocol
import TestSupport
import Testing

@Suite struct GlobPatternTests {
    @Test(
        "a pattern matches whole, in either case",
        arguments: [
            ("*", "", true), ("**", "x", true), ("a*c", "ABC", true), ("a**c", "ac", true), ("a*c", "acb", false),
            ("?", "", false), ("??", "ab", true), ("*b*", "abc", true), ("index.*", "index.name", true), ("", "", true),
            ("***a***b***", "xxaxxbxx", true), ("***a***b***", "xxbxxaxx", false),
        ])
    func table(_ pattern: String, _ text: String, _ expected: Bool) {
        #expect(GlobPattern(Bytes(pattern.utf8)).matches(Bytes(text.utf8)) == expected)
    }
}
