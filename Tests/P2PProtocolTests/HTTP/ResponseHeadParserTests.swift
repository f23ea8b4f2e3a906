import P2PProtocol
import Testing

@Suite struct ResponseHeadParserTests {
    static let valid = [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.0 206 Partial Content\r\nContent-Range: bytes 0-4/9\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 404 \r\n\r\n",
        "HTTP/1.1 503\r\nRetry-After: 7\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
    ]

    @Test("reads the same answer at every split point", arguments: valid)
    func splits(text: String) throws {
        let bytes = Bytes(text.utf8)
        let whole = HeadFeeding.response(text)
        #expect(whole.consumed == bytes.count)
        for split in 0..<bytes.count {
            var parser = ResponseHeadParser()
            #expect(parser.next(in: bytes.span.extracting(first: split)) == .needMore)
            #expect(parser.next(in: bytes.span) == whole)
        }
    }

    @Test("passes over interim answers")
    func interim() throws {
        #expect(try #require(HeadFeeding.response(Self.valid[4]).head).status == .noContent)
    }

    @Test(
        "refuses answers whose body's end is in doubt [attack A62]",
        arguments: [
            "Content-Length: 9223372036854775808", "Content-Length: 18446744073709551617", "Content-Length: -1",
            "Content-Length: +5", "Content-Length: 5,5", "Content-Length: 5\r\nContent-Length: 5", "Content-Length:",
            "Content-Length: 5\r\nContent-Length: 6", "Content-Length: 0x5", "Transfer-Encoding: chunked",
            "Transfer-Encoding: gzip", "Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding:",
        ])
    func framing(fields: String) {
        #expect(HeadFeeding.response("HTTP/1.1 200 OK\r\n\(fields)\r\n\r\n").faultCode == 502)
    }

    @Test(
        "refuses what is no answer [attack A62]",
        arguments: [
            "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "HTTP/1.1 099 X\r\n\r\n",
            "HTTP/1.1 600 X\r\n\r\n", "HTTP/1.1  200 OK\r\n\r\n", "HTTP/1.1 +20 OK\r\n\r\n", "HTTP/1.1200 OK\r\n\r\n",
            "HTTP/1.1 OK\r\n\r\n", "ICY 200 OK\r\n\r\n", "+PONG\r\n\r\n", "HTTP/1.1 200 OK\n\n", "H\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA : b\r\n\r\n", "HTTP/1.1 200 OK\r\n a: b\r\n\r\n", "HTTP/1.1 200 O\u{0}K\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "\u{16}\u{3}\u{1}\r\n\r\n",
        ])
    func nonsense(text: String) {
        #expect(HeadFeeding.response(text).faultCode == 502)
    }

    @Test(
        "ends an endless answer [attack A66]",
        arguments: [
            ("HTTP/1.1 100 Continue\r\n\r\n", 10_000), ("HTTP/1.1 102 X\r\nA: b\r\n\r\n", 10_000),
            ("a: b\r\n", 100_000),
            ("a", 1 << 20),
        ])
    func endless(portion: String, count: Int) {
        #expect(HeadFeeding.response(String(repeating: portion, count: count)).faultCode == 502)
        let start = "HTTP/1.1 200 OK\r\n"
        #expect(HeadFeeding.response(start + String(repeating: portion, count: count)).faultCode == 502)
    }

    @Test("keeps a connection only when the peer does")
    func keepAlive() throws {
        #expect(try #require(HeadFeeding.response(Self.valid[0]).head).keepsAlive)
        #expect(try !#require(HeadFeeding.response(Self.valid[1]).head).keepsAlive)
        let close = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
        #expect(try !#require(HeadFeeding.response(close).head).keepsAlive)
    }

    @Test("never lets a value start a line of its own [attack A41h]")
    func injection() throws {
        var head = ResponseHead(.ok)
        head.fields.append("X-Name", Bytes("a\r\nSet-Cookie: b\r\n\r\n<script>\u{0}\u{7f}".utf8))
        head.fields.append("Content-Length", 0)
        let read = try #require(HeadFeeding.response(String(decoding: head.bytes, as: UTF8.self)).head)
        #expect(read.fields.lines.count == 2)
        #expect(read.fields.first("X-Name") == Bytes("a  Set-Cookie: b    <script>".utf8))
    }
}
