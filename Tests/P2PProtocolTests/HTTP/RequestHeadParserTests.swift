import P2PProtocol
import Testing

@Suite struct RequestHeadParserTests {
    static let valid = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "HEAD /metrics HTTP/1.0\r\n\r\n",
        "\r\nGET /a%20b?c=d&e HTTP/1.1\r\nHOST:\ta:80 \r\nX-Empty:\r\nY: \u{e9} z\r\n\r\n",
        "POST /x HTTP/1.1\r\nHost: [::1]:6699\r\nContent-Length: 3\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n",
        "GET http://b:99?q HTTP/1.1\r\nHost: a\r\n\r\n",
    ]

    @Test("reads the same head at every split point", arguments: valid)
    func splits(text: String) throws {
        let bytes = Bytes(text.utf8)
        let whole = HeadFeeding.request(bytes)
        #expect(whole.consumed == bytes.count)
        #expect(HeadFeeding.trickledRequest(bytes) == whole)
        for split in 0..<bytes.count {
            #expect(HeadFeeding.request(Bytes(bytes.prefix(split))) == .needMore)
            #expect(HeadFeeding.request(bytes, splitAt: split) == whole)
        }
    }

    @Test("reads method, target, version, host and fields")
    func parts() throws {
        let head = try #require(HeadFeeding.request(Self.valid[2]).head)
        #expect(head.method == .get)
        #expect(head.target.path == Bytes(ascii: "/a%20b"))
        #expect(head.target.query == Bytes(ascii: "c=d&e"))
        #expect(head.version == .http11)
        #expect(head.host == Bytes(ascii: "a:80"))
        #expect(head.fields.first("x-empty") == [])
        #expect(head.fields.first("Y") == Bytes("\u{e9} z".utf8))
        #expect(head.fields.first("Z") == nil)
    }

    @Test("takes the host of an absolute target, and its path")
    func absolute() throws {
        let head = try #require(HeadFeeding.request(Self.valid[5]).head)
        #expect(head.host == Bytes(ascii: "b:99"))
        #expect(head.target.bytes == Bytes(ascii: "/?q"))
        let plain = try #require(HeadFeeding.request("GET HTTP://b HTTP/1.1\r\nHost: a\r\n\r\n").head)
        #expect(plain.target.bytes == Bytes(ascii: "/"))
    }

    @Test("reads two requests of one write each as itself [attack A39]")
    func pipelined() throws {
        let first = "POST /handoff HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n"
        let bytes = Bytes((first + "xxxxGET /second HTTP/1.1\r\nHost: b\r\n\r\n").utf8)
        var parser = RequestHeadParser()
        guard case .head(let head, let consumed) = parser.next(in: bytes.span) else {
            Issue.record("no first head")
            return
        }
        #expect(consumed == first.utf8.count)
        let rest = Bytes(bytes.dropFirst(consumed + head.bodyBytes))
        #expect(parser.next(in: rest.span).head?.target.path == Bytes(ascii: "/second"))
    }

    @Test(
        "keeps a connection only when both sides mean it",
        arguments: [
            ("1.1", "", true), ("1.1", "Connection: close", false), ("1.1", "Connection: Keep-Alive, CLOSE", false),
            ("1.1", "Connection: closed", true), ("1.1", "Connection: x\r\nConnection: close", false),
            ("1.2", "", true), ("1.0", "", false), ("1.0", "Connection: keep-alive", true),
            ("1.0", "Connection: keep-alive, close", false),
            ("1.1", "Content-Length: 5", false), ("1.1", "Content-Length: 0", true),
        ])
    func keepAlive(version: String, field: String, kept: Bool) throws {
        let lines = field.isEmpty ? "" : field + "\r\n"
        let head = try #require(HeadFeeding.request("GET / HTTP/\(version)\r\nHost: a\r\n\(lines)\r\n").head)
        #expect(head.keepsAlive == kept)
    }

    @Test("reports the body of a GET so that it is never read as a request [attack A39]")
    func bodyOfGet() throws {
        let head = try #require(HeadFeeding.request("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n\r\n").head)
        #expect(head.bodyBytes == 30)
        #expect(!head.keepsAlive)
    }

    @Test(
        "takes a body up to its limit",
        arguments: [("POST", 0, nil), ("POST", 65_535, nil), ("POST", 65_536, nil), ("POST", 65_537, 413)])
    func bodyLimit(method: String, length: Int, fault: Int?) {
        let step = HeadFeeding.request("\(method) / HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n")
        #expect(step.faultCode == fault)
        if fault == nil { #expect(step.head?.bodyBytes == length) }
    }

    @Test("knows when the sender waits for 100 Continue")
    func expectation() throws {
        let lines = "Content-Length: 5\r\nExpect: 100-Continue\r\n\r\n"
        #expect(try #require(HeadFeeding.request("POST / HTTP/1.1\r\nHost: a\r\n\(lines)").head).expectsContinue)
        #expect(try !#require(HeadFeeding.request("POST / HTTP/1.0\r\n\(lines)").head).expectsContinue)
    }

    @Test("writes requests that it reads back")
    func roundTrip() throws {
        let root = Digest(words: (1, 2, 3, 4))
        let route = PeerRoute.content(root, name: Bytes("a b\u{e9}/\r\n.mp3".utf8.filter { $0 != 47 }))
        var head = RequestHead(.get, route.target, host: Bytes(ascii: "10.0.0.7:6699"))
        head.ask(for: try #require(ByteRange(5, 9)))
        let read = try #require(HeadFeeding.request(head.bytes).head)
        #expect(read == head)
        #expect(read.fields.first("Range") == Bytes(ascii: "bytes=5-9"))
        #expect(read.fields.first("Accept-Encoding") == Bytes(ascii: "identity"))
        #expect(PeerRoute.find(read) == .found(route))
    }

    @Test("answers a fault with a whole response that closes")
    func faultResponse() throws {
        guard case .failed(let fault) = HeadFeeding.request("get / HTTP/1.1\r\n\r\n") else {
            Issue.record("no fault")
            return
        }
        let text = String(decoding: fault.response, as: UTF8.self)
        let head = try #require(HeadFeeding.response(text).head)
        #expect(head.status == .badRequest)
        #expect(!head.keepsAlive)
        #expect(head.contentLength == text.utf8.count - head.bytes.count)
    }
}
