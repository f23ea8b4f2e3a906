import P2PProtocol
import TestSupport
import Testing

@Suite struct QueryTests {
    @Test(
        "reads and prints its grammar",
        arguments: [
            ("calm", "calm"), ("  Calm   SEA ", "calm sea"), ("song_01.mp3", "song 01 mp3"),
            ("key:000001", "key 000001"),
            ("I Don't Like You", "i don t like you"), ("\"Calm  Sea\"", "\"calm sea\""), ("\"calm\"", "calm"),
            ("-live calm", "-live calm"), ("calm -\"at night\"", "calm -\"at night\""), ("a -b_c", "a -\"b c\""),
            ("pre*", "pre*"), ("song_pre**", "song pre*"), ("a*b", "a b"), ("*a*a*b", "a b"), ("calm *", "calm"),
            ("name:Calm.mp3", "name:\"calm.mp3\""),
            ("name:\"A \\\"B\\\" \\\\ c\\d\"", "name:\"a \\\"b\\\" \\\\ c\\\\d\""),
            ("NAME:\"Été\"", "name:\"ete\""), ("ext:FLAC,.mp3,flac", "ext:flac,mp3"), ("a -ext:mp3", "a -ext:mp3"),
            ("size:>10M", "size:>=10485761"), ("size:>=1k", "size:>=1024"), ("size:<2G", "size:0-2147483647"),
            ("size:<=1T", "size:0-1099511627776"), ("size:=700", "size:=700"), ("size:7MiB", "size:=7340032"),
            ("size:10M-2G", "size:10485760-2147483648"), ("size:0", "size:=0"), ("peer:5", "peer:5"),
            ("root:" + String(repeating: "aB", count: 32), "root:" + String(repeating: "ab", count: 32)),
            ("漢字", "漢 字"), ("漢*", "漢*"), ("*", "*"), (" * ", "*"), ("artist - title", "artist title"),
            ("simon & garfunkel !!!", "simon garfunkel"), ("\"open end", "\"open end\""), ("7\" single", "7 single"),
            ("size: matters", "size matters"), ("name:", "name"), ("calm calm -x -x", "calm -x"), ("--x y", "-x y"),
            ("calm\tsea\r\n", "calm sea"), ("$(touch x) `id` %s%n", "touch x id s n"),
        ])
    func grammar(text: String, printed: String) throws {
        let query = try Query.parse(Bytes(text.utf8))
        #expect(String(decoding: query.printed, as: UTF8.self) == printed)
        #expect(try Query.parse(query.printed) == query)
    }

    @Test(
        "names the fault of what is no query",
        arguments: [
            ("", "query is empty"), (" \t ", "query is empty"), ("!!!", "query has no word to look for"),
            ("**", "query has no word to look for"), ("\"\"", "query has no word to look for"),
            ("-a", "query has only negative terms"), ("-a -ext:mp3 !", "query has only negative terms"),
            ("a -b_c*", "query term with - and * has more than one word"),
            ("name:\"\"", "query term name: needs a name"),
            ("ext:,", "query term ext: needs extensions such as flac,mp3"),
            ("ext:tar.gz", "query term ext: needs extensions such as flac,mp3"),
            ("size:big", "query term size: needs sizes such as >10M, <2G, 700 or 10M-2G"),
            ("size:-5", "query term size: needs sizes such as >10M, <2G, 700 or 10M-2G"),
            ("size:5-", "query term size: needs sizes such as >10M, <2G, 700 or 10M-2G"),
            ("size:=>5", "query term size: needs sizes such as >10M, <2G, 700 or 10M-2G"),
            ("size:9999999999999T", "query term size: needs sizes such as >10M, <2G, 700 or 10M-2G"),
            ("size:>9223372036854775807", "query term size: is out of range"),
            ("size:<0", "query term size: is out of range"),
            ("size:2-1", "query term size: is out of range"), ("peer:x", "query term peer: needs the id of a peer"),
            ("peer:99999999999999999999", "query term peer: needs the id of a peer"),
            ("root:abc", "query term root: needs 64 hex digits"),
        ])
    func faults(text: String, fault: String) {
        #expect(throws: WireError(fault)) { try Query.parse(Bytes(text.utf8)) }
    }

    @Test("is at most 2,048 bytes long [attack A16]", arguments: [2_047, 2_048, 2_049, 4_096, 65_536])
    func length(count: Int) {
        let text = Bytes(repeating: UInt8(ascii: "a"), count: count)
        #expect(((try? Query.parse(text)) != nil) == (count <= 2_048))
    }

    @Test("has at most 32 terms, the words of a phrase included", arguments: [31, 32, 33])
    func terms(count: Int) {
        let words = (0..<count).map { "w\($0)" }
        let texts = [
            words.joined(separator: " "), words.joined(separator: "_"), "\"\(words.joined(separator: " "))\"",
            "ext:\(words.joined(separator: ","))",
        ]
        for text in texts {
            #expect(((try? Query.parse(Bytes(text.utf8))) != nil) == (count <= 32))
        }
    }

    @Test(
        "keeps the text without operators, to list that name first",
        arguments: [
            ("I Don't Like You", "i don't like you"), ("Song_01.mp3", "song_01.mp3"), ("\"Calm Sea\"", "calm sea"),
            ("calm ext:mp3 -live", "calm"), ("ext:mp3 calm  -x sea", "calm sea"), ("Artist - Title", "artist - title"),
            ("*", "*"), ("ext:mp3", ""), ("\" Calm \" sea", "calm  sea"), ("sea \" calm \"", "sea  calm"),
            ("\"  \" calm", "calm"), ("calm\tsea \" \" ", "calm\tsea"), ("Pre*  x**", "pre*  x**"), ("é\u{A0}a", "e a"),
        ])
    func exactText(text: String, exact: String) throws {
        #expect(try Query.parse(Bytes(text.utf8)).exactText == Bytes(exact.utf8))
    }

    @Test("what is printed is read as the same query", arguments: [1, 2, 3] as [UInt64])
    func roundTrip(seed: UInt64) {
        var random = Seeded(seed: seed)
        var parsed = 0
        for _ in 0..<3_000 {
            let text = QueryBytes.any(using: &random)
            guard let query = try? Query.parse(text) else { continue }
            parsed += 1
            let again = try? Query.parse(query.printed)
            #expect(again == query, "\(text)")
            #expect(again?.printed == query.printed, "\(text)")
        }
        #expect(parsed > 1_000)
    }

    @Test("no bytes break the parser", arguments: [7, 8] as [UInt64])
    func garbage(seed: UInt64) {
        var random = Seeded(seed: seed)
        let alphabet = Bytes(ascii: "\"\\-*: aname:ext:size:<>=,\0") + [0xFF, 0xC3, 0xA9]
        for _ in 0..<5_000 {
            let count = Int.random(in: 0...24, using: &random)
            let text = (0..<count).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            if let query = try? Query.parse(text) { #expect((try? Query.parse(query.printed)) == query, "\(text)") }
        }
    }
}
