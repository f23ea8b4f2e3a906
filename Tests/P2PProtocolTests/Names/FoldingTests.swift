import Foundation
import P2PProtocol
import TestSupport
import Testing

@Suite struct FoldingTests {
    @Test(
        "takes case, accents and forms away",
        arguments: [
            ("Café", "cafe"), ("CAFE\u{301}", "cafe"), ("ÀÉÎÕÜ", "aeiou"),
            ("ø Ł đ ß Æ œ Þ ð ı ħ", "o l d ss ae oe th d i h"),
            ("ǿ Ǽ", "o ae"), ("İstanbul", "istanbul"), ("ΣΊΣΥΦΟΣ ς", "σισυφοσ σ"), ("ᾳ ᾼ", "α α"),
            ("Ёлка Йод", "елка иод"),
            ("ﬁ Ⅷ ½ ①", "fi viii 1\u{2044}2 1"), ("ＡＢＣ．ＭＰ３", "abc.mp3"), ("ｶﾞ", "カ\u{3099}"), ("が", "か\u{3099}"),
            ("한", "\u{1112}\u{1161}\u{11AB}"), ("가", "\u{1100}\u{1161}"), ("豈", "豈"), ("का़", "का़"), ("ẛ̣", "s"),
            ("mu\u{AD}s\u{200B}ic\u{FE0F}", "music"), ("A\u{A0}B", "a b"), ("Ǆ", "dz"), ("K Å", "k a"), ("a/B", "a/b"),
        ])
    func folds(text: String, key: String) {
        #expect(Folding.fold(text.utf8) == Bytes(key.utf8))
    }

    @Test("makes no slash of what only looks like one", arguments: ["℀", "℁", "℅", "℆", "／"])
    func slashes(text: String) {
        #expect(!Folding.fold(text.utf8).contains(UInt8(ascii: "/")))
    }

    @Test(
        "keeps bytes that are no UTF-8, and never joins them [attack A44]",
        arguments: [
            [0xFF], [0xFE], [0xC0, 0xAE], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF4, 0x90, 0x80, 0x80],
            [0xC3, 0xCC, 0x81, 0xA9], [0x80, 0x41 | 0x20, 0xBF],
        ] as [Bytes])
    func invalid(bytes: Bytes) {
        #expect(Folding.fold(bytes) == bytes)
    }

    @Test("folding twice changes nothing", arguments: [1, 2, 3] as [UInt64])
    func idempotent(seed: UInt64) {
        var random = Seeded(seed: seed)
        for _ in 0..<2_000 {
            let once = Folding.fold(NameBytes.any(using: &random))
            #expect(Folding.fold(once) == once)
        }
    }

    @Test("both normal forms of a text have one key [attack A45]", arguments: [4, 5, 6] as [UInt64])
    func forms(seed: UInt64) {
        var random = Seeded(seed: seed)
        for _ in 0..<2_000 {
            let text = NameBytes.text(using: &random)
            let keys = [
                text, text.decomposedStringWithCanonicalMapping, text.precomposedStringWithCanonicalMapping,
                text.decomposedStringWithCompatibilityMapping,
            ].map { Folding.fold($0.utf8) }
            #expect(Set(keys).count == 1, "\(Bytes(text.utf8))")
        }
    }

    @Test("every scalar folds to valid UTF-8 at most eleven times as long")
    func everyScalar() {
        var broken: [UInt32] = []
        for value in UInt32(0x80)...0x10_FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let bytes = Bytes(String(scalar).utf8)
            let key = Folding.fold(bytes)
            let isSound = key.count <= bytes.count * 11 && UTF8Scalar.isValid(key.span) && Folding.fold(key) == key
            if !isSound { broken.append(value) }
        }
        #expect(broken == [])
    }

    @Test("appends to the caller's buffer")
    func appends() {
        var buffer = Bytes(ascii: "x")
        Folding.fold(Bytes(ascii: "ABC").span, into: &buffer)
        #expect(buffer == Bytes(ascii: "xabc"))
    }

    @Test("the cost of a name of marks grows with its length, not with its square [attack A19]")
    func hostileMarks() {
        let short = Self.leastProcessorTime(ofFolding: Self.marked(groups: 31))
        let long = Self.leastProcessorTime(ofFolding: Self.marked(groups: 248))
        // Eight times as long: 64 times the time if each mark were compared with each.
        #expect(long < short * 32)
    }

    /// A letter under so many groups of marks, each group in the wrong order.
    private static func marked(groups: Int) -> Bytes {
        let marks = Array("\u{5B0}\u{591}\u{64B}\u{655}".utf8)
        return [0x61] + Bytes((0..<groups).flatMap { _ in marks })
    }

    private static func leastProcessorTime(ofFolding name: Bytes) -> Double {
        let times = (0..<20).map { _ in
            let start = TestClock.threadTime
            for _ in 0..<5 { _ = Folding.fold(name) }
            return TestClock.threadTime - start
        }
        return max(times.min() ?? 0, 1e-9)
    }
}
