import P2PProtocol
import TestSupport
import Testing

@Suite struct QueryMatchingTests {
    private static let calm = QuerySubject(
        name: Bytes("Music/Été/Calm Sea (Live).flac".utf8), size: 10_485_760, root: Digest(words: (1, 2, 3, 4)),
        peers: [3, 5])

    @Test(
        "finds a file by what it is",
        arguments: [
            "*", "calm", "CALM sea", "ete", "été", "\"calm sea\"", "\"sea live flac\"", "cal* fl*", "music",
            "calm -night",
            "calm -\"sea calm\"", "name:\"Calm Sea (Live)\"", "name:\"calm sea (live).flac\"", "ext:mp3,flac",
            "name:\"MUSIC/ÉTÉ/calm sea (live).flac\"", "size:10M", "size:>9M", "size:<=10M", "size:1M-1G", "peer:5",
            "root:0000000000000001000000000000000200000000000000030000000000000004", "calm -ext:mp3", "calm -size:>10M",
            "calm -peer:4",
        ])
    func finds(text: String) throws {
        #expect(try Query.parse(Bytes(text.utf8)).matches(Self.calm))
    }

    @Test(
        "passes over a file that is something else",
        arguments: [
            "cal", "calm night", "\"sea calm\"", "\"calm live\"", "calm -sea", "calm -\"calm sea\"", "alm*",
            "name:calm",
            "name:live", "ext:fla", "ext:live", "size:>10M", "size:<10M", "peer:4", "calm -peer:5",
            "root:0000000000000001000000000000000200000000000000030000000000000005",
        ])
    func passesOver(text: String) throws {
        #expect(try !Query.parse(Bytes(text.utf8)).matches(Self.calm))
    }

    @Test("a file of unknown size and content is in no range and has no root")
    func unknown() throws {
        let subject = QuerySubject(name: Bytes(ascii: "calm"))
        #expect(try !Query.parse(Bytes(ascii: "size:>=0")).matches(subject))
        #expect(try Query.parse(Bytes(ascii: "calm -size:>=0")).matches(subject))
    }

    @Test("both normal forms of a name are found by either [attack A45]", arguments: ["caf\u{E9}", "cafe\u{301}"])
    func forms(text: String) throws {
        let query = try Query.parse(Bytes(text.utf8))
        #expect(query.matches(QuerySubject(name: Bytes("Caf\u{E9}.mp3".utf8))))
        #expect(query.matches(QuerySubject(name: Bytes("Cafe\u{301}.mp3".utf8))))
    }

    @Test("names that are no UTF-8 are found by their bytes, and apart [attack A44]")
    func invalid() throws {
        let query = try Query.parse([0x61, 0xFF])
        #expect(query.matches(QuerySubject(name: [0x61, 0xFF])))
        #expect(!query.matches(QuerySubject(name: [0x61, 0xFE])))
        #expect(query.isExact(for: QuerySubject(name: [0x61, 0xFF])))
    }

    @Test("finds a phrase that begins like itself")
    func selfSimilar() throws {
        let query = try Query.parse(Bytes(ascii: "\"a b a b c\""))
        #expect(query.matches(QuerySubject(name: Bytes(ascii: "a b a b a b c"))))
        #expect(!query.matches(QuerySubject(name: Bytes(ascii: "a b a b a b"))))
    }

    @Test("tells the name that was typed", arguments: [("calm sea", true), ("calm sea.mp3", true), ("calm", false)])
    func exact(text: String, isExact: Bool) throws {
        let query = try Query.parse(Bytes(text.utf8))
        #expect(query.isExact(for: QuerySubject(name: Bytes(ascii: "Music/Calm Sea.mp3"))) == isExact)
    }

    @Test(
        "hostile wildcards and phrases cost no more than their length [attack A16]",
        arguments: [
            String(repeating: "*a", count: 1_000) + "*b", "\"" + String(repeating: "a ", count: 31) + "b\"",
            String(repeating: "-", count: 2_000) + "a b", "a" + String(repeating: "*", count: 2_000),
        ])
    func linear(text: String) throws {
        let query = try Query.parse(Bytes(text.utf8))
        let subject = QuerySubject(name: Bytes(String(repeating: "a ", count: 512).utf8))
        // Of this thread alone, so that a busy machine does not count.
        let start = TestClock.threadTime
        for _ in 0..<10 { _ = query.matches(subject) }
        #expect(TestClock.threadTime - start < 0.5)
    }
}
