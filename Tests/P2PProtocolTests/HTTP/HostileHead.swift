import P2PProtocol
import Testing

/// A head that must be refused, and the status that says why.
struct HostileHead: Sendable, CustomTestStringConvertible {
    let bytes: Bytes
    let status: Int

    init(_ status: Int, _ text: String) {
        self.init(status, Bytes(text.utf8))
    }

    init(_ status: Int, _ bytes: Bytes) {
        self.bytes = bytes
        self.status = status
    }

    var testDescription: String { "\(status) " + String(decoding: bytes.prefix(70), as: UTF8.self).debugDescription }

    /// A GET that is in order but for these lines.
    private static func get(_ status: Int, _ lines: String) -> HostileHead {
        HostileHead(status, "GET / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n\r\n")
    }

    /// A POST that is in order but for these lines.
    private static func post(_ status: Int, _ lines: String) -> HostileHead {
        HostileHead(status, "POST / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n\r\n")
    }

    /// A GET whose first line is this.
    private static func line(_ status: Int, _ line: String) -> HostileHead {
        HostileHead(status, "\(line)\r\nHost: a\r\n\r\n")
    }

    /// Two ideas of where the body ends.
    static let framing = [
        post(400, "Content-Length: 5\r\nTransfer-Encoding: chunked"),
        post(400, "Transfer-Encoding: chunked\r\nContent-Length: 5"),
        post(400, "Content-Length: 5\r\nContent-Length: 6"),
        post(400, "Content-Length: 5\r\nContent-Length: 5"),
        post(400, "Content-Length: 5\r\ncontent-length: 5"),
        post(400, "Content-Length: +1"),
        post(400, "Content-Length: -6"),
        post(400, "Content-Length: 1,1"),
        post(400, "Content-Length: 1, 1"),
        post(400, "Content-Length: 0x1"),
        post(400, "Content-Length: 1 1"),
        post(400, "Content-Length: 1e1"),
        post(400, "Content-Length: 1.0"),
        post(400, "Content-Length:"),
        post(400, "Content-Length: \u{661}"),
        post(413, "Content-Length: 9223372036854775807"),
        post(413, "Content-Length: 9223372036854775808"),
        post(413, "Content-Length: 99999999999999999999999999"),
        post(413, "Content-Length: 65537"),
        get(413, "Content-Length: 65537"),
        post(400, "Transfer-Encoding: xchunked"),
        post(400, "Transfer-Encoding: chunked, identity"),
        post(400, "Transfer-Encoding: identity, chunked"),
        post(400, "Transfer-Encoding: identity"),
        post(400, "Transfer-Encoding: gzip, chunked"),
        post(400, "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
        post(400, "Transfer-Encoding: \"chunked\""),
        post(400, "Transfer-Encoding:"),
        post(501, "Transfer-Encoding: chunked"),
        post(501, "Transfer-Encoding: ChunKed"),
        get(501, "Transfer-Encoding: chunked"),
        HostileHead(400, "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"),
        post(415, "Content-Length: 9\r\nContent-Encoding: gzip"),
        post(415, "Content-Length: 9\r\nContent-Encoding: identity, gzip"),
        post(417, "Content-Length: 9\r\nExpect: 200-ok"),
    ]

    /// Lines that two readers would split differently.
    static let lines = [
        HostileHead(400, "GET / HTTP/1.1\nHost: a\n\n"),
        HostileHead(400, "GET / HTTP/1.1\r\nHost: a\n\r\n"),
        HostileHead(400, "GET / HTTP/1.1\r\nHost: a\r\n\n"),
        HostileHead(400, "GET / HTTP/1.1\rHost: a\r\n\r\n"),
        HostileHead(400, "GET / HTTP/1.1\r\nHost: a\r\rX: b\r\n\r\n"),
        HostileHead(400, "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        HostileHead(400, "\n"),
        get(400, "X: a\r\n b"),
        get(400, "X: a\r\n\tb"),
        HostileHead(400, "GET / HTTP/1.1\r\n Host: a\r\n\r\n"),
        get(400, "Transfer-Encoding : chunked"),
        get(400, "X\t: a"),
        get(400, ": a"),
        get(400, "no colon"),
        get(400, "a b: c"),
        get(400, "X(y): c"),
        get(400, "X\u{e9}: c"),
        get(400, "X: a\u{0}b"),
        get(400, "X\u{0}: b"),
        get(400, "X: a\u{1b}[2J"),
        get(400, "X: a\u{7f}"),
        get(400, "X: a\u{8}"),
    ]

    static let hosts = [
        HostileHead(400, "GET / HTTP/1.1\r\n\r\n"),
        get(400, "Host: b"),
        get(400, "Host: a"),
        HostileHead(400, "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"),
        HostileHead(400, "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
        HostileHead(400, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n"),
        HostileHead(400, "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n"),
        HostileHead(400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        HostileHead(400, "GET / HTTP/1.1\r\nHost: a:b\r\n\r\n"),
        HostileHead(400, "GET / HTTP/1.1\r\nHost: a:123456\r\n\r\n"),
        HostileHead(400, "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n"),
        HostileHead(400, "GET / HTTP/1.1\r\nHost: \"a\"\r\n\r\n"),
        HostileHead(400, "GET http://a/ HTTP/1.1\r\n\r\n"),
        line(400, "GET http:/// HTTP/1.1"),
        line(400, "GET http://u:p@b/ HTTP/1.1"),
        line(400, "GET http://b\\c/ HTTP/1.1"),
    ]

    static let startLines = [
        line(505, "GET / HTTP/9.9"),
        line(505, "GET / HTTP/2.0"),
        line(505, "GET / HTTP/0.9"),
        line(505, "PRI * HTTP/2.0"),
        line(400, "GET / HTTP/1.11"),
        line(400, "GET / HTTP/11"),
        line(400, "GET / HTTP/1"),
        line(400, "GET / HTTP/1.x"),
        line(400, "GET / HTTP/-1.1"),
        line(400, "GET / http/1.1"),
        line(400, "GET / HTTP/1.1 "),
        line(400, "GET / "),
        line(400, "GET /"),
        line(400, "GET"),
        line(400, "GET HTTP/1.1"),
        line(400, "GET  HTTP/1.1"),
        line(400, "GET  / HTTP/1.1"),
        line(400, "GET /  HTTP/1.1"),
        line(400, "GET /a b HTTP/1.1"),
        line(400, "GET\t/\tHTTP/1.1"),
        line(400, " GET / HTTP/1.1"),
        line(400, " / HTTP/1.1"),
        line(400, "get / HTTP/1.1"),
        line(400, "Get / HTTP/1.1"),
        line(400, "GE(T / HTTP/1.1"),
        line(501, "BREW / HTTP/1.1"),
        line(501, "PROPFIND / HTTP/1.1"),
        line(400, "GET etc/passwd HTTP/1.1"),
        line(400, "GET * HTTP/1.1"),
        line(400, "GET file:///etc/passwd HTTP/1.1"),
        line(400, "GET ftp://a/ HTTP/1.1"),
        line(400, "GET /#part HTTP/1.1"),
        line(400, "GET /\u{0} HTTP/1.1"),
        line(400, "GET /\u{7f} HTTP/1.1"),
        line(400, "CONNECT / HTTP/1.1"),
        line(400, "CONNECT http://a/ HTTP/1.1"),
        HostileHead(400, Bytes([0x80, 0x2E, 0x01, 0x00, 0x02, 13, 10, 13, 10])),
    ]

    static let all = framing + lines + hosts + startLines
}
