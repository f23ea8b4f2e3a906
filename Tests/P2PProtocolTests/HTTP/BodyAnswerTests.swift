import P2PProtocol
import Testing

@Suite struct BodyAnswerTests {
    /// Judges an answer to a question for bytes 100 to 199 of 1,000.
    static func judge(_ status: Int, _ fields: String, first: Int = 100, last: Int = 199) -> BodyAnswer? {
        let lines = fields.isEmpty ? "" : fields + "\r\n"
        guard let head = HeadFeeding.response("HTTP/1.1 \(status) X\r\n\(lines)\r\n").head,
            let part = ByteRange(first, last)
        else { return nil }
        return BodyAnswer.judge(head, asked: part, of: 1_000)
    }

    static func range(_ value: String, length: String = "100") -> String {
        "Content-Range: \(value)\r\nContent-Length: \(length)"
    }

    @Test(
        "takes the part that was asked for", arguments: ["bytes 100-199/1000", "bytes 100-199/*", "BYTES 100-199/1000"])
    func honest(value: String) {
        #expect(Self.judge(206, Self.range(value)) == .body(count: 100, excess: 0))
        #expect(Self.judge(206, Self.range(value) + "\r\nContent-Encoding: identity") == .body(count: 100, excess: 0))
    }

    @Test("uses a whole file only from its start, and no more than was asked [attack A61]")
    func whole() {
        #expect(Self.judge(200, "Content-Length: 1000") == .rangeIgnored)
        #expect(Self.judge(200, "Content-Length: 1000", first: 0, last: 99) == .body(count: 100, excess: 900))
        #expect(Self.judge(200, "Content-Length: 1000", first: 0, last: 999) == .body(count: 1_000, excess: 0))
    }

    static let lies: [(Int, String)] = [
        (206, "Content-Length: 100"),
        (206, "Content-Range: bytes 100-199/1000"),
        (206, range("bytes 99-199/1000", length: "101")),
        (206, range("bytes 101-200/1000")),
        (206, range("bytes 0-99/1000")),
        (206, range("bytes 100-299/1000", length: "200")),
        (206, range("bytes 100-299/1000")),
        (206, range("bytes 100-150/1000", length: "51")),
        (206, range("bytes 100-199/1001")),
        (206, range("bytes 100-199/999")),
        (206, range("bytes 100-199/150")),
        (206, range("bytes 100-199/9223372036854775808")),
        (206, range("bytes 100-199/")),
        (206, range("bytes 100-199")),
        (206, range("bytes */1000")),
        (206, range("bytes 199-100/1000")),
        (206, range("bytes 100-/1000")),
        (206, range("bytes -199/1000")),
        (206, range("bytes=100-199/1000")),
        (206, range("items 100-199/1000")),
        (206, range("100-199/1000")),
        (206, range("bytes 0-9223372036854775807/*")),
        (206, range("bytes 18446744073709551716-199/1000")),
        (206, range("bytes +100-199/1000")),
        (206, range("bytes 100-199/1000", length: "99")),
        (206, range("bytes 100-199/1000", length: "101")),
        (206, range("bytes 100-199/1000", length: "0")),
        (206, range("bytes 100-199/1000", length: "9223372036854775807")),
        (206, range("bytes 100-199/1000") + "\r\nContent-Range: bytes 100-199/1000"),
        (206, "Content-Type: multipart/byteranges; boundary=x\r\nContent-Length: 300"),
        (206, range("bytes 100-199/1000") + "\r\nContent-Encoding: gzip"),
        (200, "Content-Length: 999"),
        (200, "Content-Length: 100"),
        (200, "Content-Length: 9223372036854775807"),
        (200, ""),
        (200, "Content-Length: 1000\r\nContent-Encoding: identity, gzip"),
        (416, "Content-Range: bytes */50\r\nContent-Length: 0"),
    ]

    @Test("strikes a source that answers another question [attack A62]", arguments: lies)
    func lie(status: Int, fields: String) {
        guard case .lie = Self.judge(status, fields) else {
            Issue.record("taken for \(String(describing: Self.judge(status, fields)))")
            return
        }
    }

    @Test(
        "follows no redirect, and takes a refusal for one [attack A65]",
        arguments: [204, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 410, 500, 502])
    func refusal(status: Int) {
        let fields = "Location: http://169.254.169.254/\r\nContent-Length: 0"
        #expect(Self.judge(status, fields) == .refused(HTTPStatus(status)))
    }

    @Test(
        "waits as long as a busy peer asks [attack A44h]",
        arguments: [
            ("7", 7), ("0", 0), ("-1", nil), ("99999999999999999999", nil), ("Wed, 21 Oct 2015 07:28:00 GMT", nil),
        ])
    func busy(value: String, seconds: Int?) {
        #expect(Self.judge(503, "Retry-After: \(value)") == .busy(retryAfterSeconds: seconds))
        #expect(Self.judge(429, "Retry-After: \(value)") == .busy(retryAfterSeconds: seconds))
        #expect(Self.judge(503, "") == .busy(retryAfterSeconds: nil))
    }

    @Test(
        "takes a whole body only at the length that is due",
        arguments: [
            (200, "Content-Length: 64", .body(count: 64, excess: 0)), (404, "", .refused(.notFound)),
            (503, "", .busy(retryAfterSeconds: nil)),
        ] as [(Int, String, BodyAnswer)])
    func wholeBody(status: Int, fields: String, expected: BodyAnswer) throws {
        let head = try #require(HeadFeeding.response("HTTP/1.1 \(status) X\r\n\(fields)\r\n\r\n").head)
        #expect(BodyAnswer.judge(head, wholeOf: 64) == expected)
    }

    @Test(
        "strikes a source whose whole body is not what is due [attack A62]",
        arguments: [
            (200, "Content-Length: 63"), (200, "Content-Length: 65"), (200, "X: y"),
            (206, "Content-Range: bytes 0-63/64\r\nContent-Length: 64"),
            (200, "Content-Length: 64\r\nContent-Encoding: br"),
        ])
    func wholeLie(status: Int, fields: String) throws {
        let head = try #require(HeadFeeding.response("HTTP/1.1 \(status) X\r\n\(fields)\r\n\r\n").head)
        guard case .lie = BodyAnswer.judge(head, wholeOf: 64) else {
            Issue.record("believed")
            return
        }
    }

    @Test("believes our own answers to our own questions", arguments: [(0, 999), (0, 0), (999, 999), (5, 700)])
    func ours(first: Int, last: Int) throws {
        let root = Digest(words: (1, 2, 3, 4))
        let part = try #require(ByteRange(first, last))
        var request = RequestHead(.get, PeerRoute.content(root, name: nil).target, host: Bytes(ascii: "a"))
        request.ask(for: part)
        let decision = ContentDecision.decide(request, size: 1_000, tag: EntityTag(root))
        #expect(decision == .partial(part))
        let head = decision.responseHead(root: root, size: 1_000, name: Bytes(ascii: "x"))
        #expect(BodyAnswer.judge(head, asked: part, of: 1_000) == .body(count: part.count, excess: 0))
    }
}
