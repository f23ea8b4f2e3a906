import P2PProtocol
import Testing

@Suite struct ContentDecisionTests {
    static let root = Digest(words: (0xAA, 0xBB, 0xCC, 0xDD))
    static let tag = "\"\(root)\""
    static let name = Bytes(ascii: "music/calm sea.flac")

    static func decide(_ fields: [String], method: String = "GET", size: Int = 1_000) -> ContentDecision? {
        let lines = fields.map { $0 + "\r\n" }.joined()
        let head = HeadFeeding.request("\(method) / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n").head
        return head.map { ContentDecision.decide($0, size: size, tag: EntityTag(root)) }
    }

    static let part = ByteRange(0, 8).map { ContentDecision.partial($0) } ?? .full

    static let conditions: [([String], ContentDecision)] = [
        ([], .full),
        (["Range: bytes=0-8"], part),
        (["Range: bytes=1000-"], .unsatisfiable),
        (["Range: bytes=0-8", "Range: bytes=9-10"], .full),
        (["Range: bytes=0-8", "Range: bytes=0-8"], .full),
        (["If-Range: \(tag)", "Range: bytes=0-8"], part),
        (["If-Range: W/\(tag)", "Range: bytes=0-8"], .full),
        (["If-Range: \"other\"", "Range: bytes=0-8"], .full),
        (["If-Range: \(root)", "Range: bytes=0-8"], .full),
        (["If-Range: *", "Range: bytes=0-8"], .full),
        (["If-Range: \(tag), \(tag)", "Range: bytes=0-8"], .full),
        (["If-Range: \(tag)", "If-Range: \(tag)", "Range: bytes=0-8"], .full),
        (["If-Range: Wed, 21 Oct 2015 07:28:00 GMT", "Range: bytes=0-8"], .full),
        (["If-Range: \"other\"", "Range: bytes=1000-"], .full),
        (["If-Range: \(tag)"], .full),
        (["If-None-Match: \(tag)"], .notModified),
        (["If-None-Match: W/\(tag)"], .notModified),
        (["If-None-Match: *"], .notModified),
        (["If-None-Match: \"a\", \(tag)"], .notModified),
        (["If-None-Match: \"a,b\",, W/\(tag) ,"], .notModified),
        (["If-None-Match: \"a\"", "If-None-Match: \(tag)"], .notModified),
        (["If-None-Match: \"a\""], .full),
        (["If-None-Match: \"a\", \"b\""], .full),
        (["If-None-Match: \(root)"], .full),
        (["If-None-Match: \"\(root)"], .full),
        (["If-None-Match: w/\(tag)"], .full),
        (["If-None-Match: \(tag)x"], .full),
        (["If-None-Match: \"a\" \(tag)"], .full),
        (["If-None-Match:"], .full),
        (["If-None-Match: *, \(tag)"], .full),
        (["If-None-Match: \(tag)", "Range: bytes=0-8"], .notModified),
        (["If-None-Match: \"a\"", "Range: bytes=0-8"], part),
        (["If-Match: \(tag)"], .full),
        (["If-Match: *"], .full),
        (["If-Match: \"a\", \(tag)", "Range: bytes=0-8"], part),
        (["If-Match: W/\(tag)"], .preconditionFailed),
        (["If-Match: \"a\""], .preconditionFailed),
        (["If-Match: nonsense"], .preconditionFailed),
        (["If-Match: \"a\"", "If-None-Match: *"], .preconditionFailed),
        (["If-Match: \(tag)", "If-None-Match: *"], .notModified),
        (["If-Match: \"a\"", "Range: bytes=1000-"], .preconditionFailed),
        (["If-Modified-Since: Wed, 21 Oct 2099 07:28:00 GMT"], .full),
        (["If-Unmodified-Since: Wed, 21 Oct 1999 07:28:00 GMT"], .full),
    ]

    @Test("weighs conditions in the order of RFC 9110 [attack A42h]", arguments: conditions)
    func condition(fields: [String], expected: ContentDecision) {
        #expect(Self.decide(fields) == expected)
    }

    @Test("ignores Range for HEAD, but not its conditions [attack A42h]")
    func headAndRange() {
        #expect(Self.decide(["Range: bytes=0-8"], method: "HEAD") == .full)
        #expect(Self.decide(["Range: bytes=1000-"], method: "HEAD") == .full)
        #expect(Self.decide(["If-None-Match: \(Self.tag)"], method: "HEAD") == .notModified)
    }

    static func response(_ decision: ContentDecision, size: Int = 1_000) -> ResponseHead? {
        let head = decision.responseHead(root: root, size: size, name: name)
        return HeadFeeding.response(String(decoding: head.bytes, as: UTF8.self)).head
    }

    @Test(
        "answers with the fields that each decision needs",
        arguments: [
            (ContentDecision.full, 200, "1000", nil), (part, 206, "9", "bytes 0-8/1000"),
            (.notModified, 304, nil, nil), (.preconditionFailed, 412, "0", nil),
            (.unsatisfiable, 416, "0", "bytes */1000"),
        ] as [(ContentDecision, Int, String?, String?)])
    func fields(decision: ContentDecision, status: Int, length: String?, range: String?) throws {
        let head = try #require(Self.response(decision))
        #expect(head.status.code == status)
        #expect(head.fields.sole("Content-Length") == length.map { Bytes($0.utf8) })
        #expect(head.fields.sole("Content-Range") == range.map { Bytes($0.utf8) })
        #expect(head.fields.sole("ETag") == (status == 412 ? nil : Bytes(Self.tag.utf8)))
        #expect(head.fields.sole("X-Content-Type-Options") == Bytes(ascii: "nosniff"))
        #expect(head.fields.sole("Content-Security-Policy")?.starts(with: Bytes(ascii: "sandbox;")) == true)
    }

    @Test("answers for an empty file with a length of nothing")
    func emptyFile() throws {
        #expect(try #require(Self.response(.full, size: 0)).contentLength == 0)
        #expect(ContentDecision.full.body(ofSize: 0) == nil)
        #expect(ContentDecision.full.body(ofSize: 5) == ByteRange(0, 4))
    }
}
