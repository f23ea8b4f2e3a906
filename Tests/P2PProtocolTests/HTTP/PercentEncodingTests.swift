import P2PProtocol
import TestSupport
import Testing

@Suite struct PercentEncodingTests {
    @Test(
        "decodes escapes once, and refuses broken ones",
        arguments: [
            ("a%20b", "a b"), ("%41%4a%4A", "AJJ"), ("%252e", "%2e"), ("a+b", "a+b"), ("", ""), ("%", nil), ("%4", nil),
            ("%4g", nil), ("%g4", nil), ("%%41", nil), ("%+1", nil), ("%-1", nil), ("a%2", nil),
        ])
    func decoding(text: String, expected: String?) {
        #expect(PercentEncoding.decode(Bytes(text.utf8)) == expected.map { Bytes($0.utf8) })
    }

    @Test("brings back every byte that it escapes")
    func everyByte() {
        let bytes = Bytes(0...255)
        let encoded = PercentEncoding.encode(bytes)
        #expect(encoded.allSatisfy { $0 > 32 && $0 < 127 })
        #expect(PercentEncoding.decode(encoded) == bytes)
        #expect(PercentEncoding.decodeForm(encoded) == bytes)
    }

    @Test("leaves the slashes of a path and nothing else")
    func path() {
        #expect(PercentEncoding.encodePath(Bytes(ascii: "a b/../%2f/\"<")) == Bytes(ascii: "a%20b/../%252f/%22%3C"))
    }

    @Test("reads the items of a query as forms send them")
    func items() throws {
        let target = try #require(RequestTarget(Bytes(ascii: "/?q=a+b%2B&&empty=&bare&q=2&x=1=2")))
        #expect(target.value(of: "q") == Bytes(ascii: "a b+"))
        #expect(target.value(of: "empty") == [])
        #expect(target.value(of: "bare") == [])
        #expect(target.value(of: "x") == Bytes(ascii: "1=2"))
        #expect(target.value(of: "Q") == nil)
        #expect(target.items?.count == 5)
        #expect(RequestTarget(Bytes(ascii: "/?a=%zz"))?.items == nil)
    }

    @Test("makes targets of paths only", arguments: ["", "a", "/a b", "/a\r\nX: y", "/a#b", "http://a/"])
    func notATarget(text: String) {
        #expect(RequestTarget(Bytes(text.utf8)) == nil)
    }
}
