import P2PProtocol
import TestSupport
import Testing

@Suite struct ProtocolSnifferTests {
    static func sniff(_ text: String) -> ProtocolSniffer.Verdict {
        ProtocolSniffer.sniff(Bytes(text.utf8).span)
    }

    static let cases: [(String, ProtocolSniffer.Verdict)] = [
        ("", .needMore), ("\u{16}", .tls), ("\u{16}\u{3}\u{1}", .tls),
        ("G", .needMore), ("GET", .needMore), ("GET ", .needMore), ("GET /", .needMore), ("GET / HTT", .needMore),
        ("GET / HTTP/", .http), ("GET / HTTP/1.1\r\n", .http), ("GET /a b HTTP/1.1\r\n", .http),
        ("GET / HTTP/9.9\r\n", .http), ("HEAD / HTTP/1.0\r\n", .http), ("POST /x HTTP/1.1\r\n", .http),
        ("OPTIONS * HTTP/1.1\r\n", .http), ("CONNECT a:1 HTTP/1.1\r\n", .http), ("PRI * HTTP/2.0\r\n", .http),
        ("GET http", .needMore), ("GET http://a/ HTTP/1.1\r\n", .http), ("GET HTTPS://a/ HTTP/1.1\r\n", .http),
        ("TRACE / HTTP/1.1\r\n", .http), ("DELETE /x HTTP/1.1\r\n", .http), ("PATCH /", .needMore),
        ("GET key\r\n", .resp), ("GET key", .resp), ("GET k", .resp), ("GET /key\r\n", .resp), ("GET /key\n", .resp),
        ("GET httpd\r\n", .resp), ("GET hxxp", .resp), ("GET\r\n", .resp), ("GET\t/ HTTP/1.1\r\n", .resp),
        ("PING\r\n", .resp), ("PI", .resp), ("P", .needMore), ("PING", .resp), ("H", .needMore), ("HELLO 3", .resp),
        ("HEL", .resp), ("get / HTTP/1.1\r\n", .resp), ("*1\r\n$4\r\nPING\r\n", .resp), ("*", .resp), ("\r\n", .resp),
        ("SEARCH calm", .resp), ("SEARCH / HTTP/1.1", .resp), ("REG * * 9001 NAMES 162 195\r\n", .resp),
        ("QUIT", .resp), ("GETX / HTTP/1.1", .resp), ("\u{0}", .resp), ("GET /x\r\nGET / HTTP/1.1\r\n", .resp),
        ("DEL", .needMore), ("DEL key", .resp), ("OPTIONS", .needMore), ("CONFIG GET x", .resp), ("CO", .needMore),
    ]

    @Test("tells TLS, HTTP and RESP apart", arguments: cases)
    func table(text: String, expected: ProtocolSniffer.Verdict) {
        #expect(Self.sniff(text) == expected)
    }

    @Test("never changes its verdict when more arrives", arguments: cases)
    func stable(text: String, expected: ProtocolSniffer.Verdict) {
        let bytes = Bytes(text.utf8)
        let verdicts = (0...bytes.count).map { ProtocolSniffer.sniff(bytes.span.extracting(first: $0)) }
        let decided = verdicts.drop { $0 == .needMore }
        #expect(decided.allSatisfy { $0 == expected })
    }

    @Test("does not wait for the end of an endless line [attack A40h]")
    func endless() {
        #expect(Self.sniff("GET /" + String(repeating: "a", count: 1 << 20)) == .http)
        #expect(Self.sniff(String(repeating: "a", count: 1 << 20)) == .resp)
    }

    @Test("leaves no complete line undecided", arguments: [7] as [UInt64])
    func completeLines(seed: UInt64) {
        var random = Seeded(seed: seed)
        let words = ["GET", "POST", "PING", " ", "/", "http://", "HTTP/", "1.1", "x", "*", "\r", "OPTIONS", "CONNECT"]
        for _ in 0..<5_000 {
            let text = (0..<Int.random(in: 0...5, using: &random)).map { _ in words.randomElement(using: &random) ?? ""
            }
            #expect(Self.sniff(text.joined() + "\r\n") != .needMore)
        }
    }
}
