import P2PProtocol
import TestSupport
import Testing

/// HTTP on the same port.
@Suite struct IndexPagesTests {
    @Test("curl gets /healthz, /metrics and a page", .enabled(if: Tool.curl.isInstalled, "curl is not installed"))
    func pages() throws {
        try IndexFixture.run(["--name", "songs <1>"]) { index in
            let peer = try index.sharer(["a", "b"])
            #expect(try Self.curl(index, "/healthz") == "ok\n")
            let metrics = try Self.curl(index, "/metrics")
            #expect(metrics.contains("\nrookery_index_peers 1\n") && metrics.contains("\nrookery_index_entries 2\n"))
            let page = try Self.curl(index, "/")
            #expect(page.hasPrefix("<!doctype html>"))
            #expect(page.contains("Rookery: songs &lt;1&gt;") && page.contains("1 peer shares 2 names"))
            #expect(try Self.curl(index, "/nosuch", ["-w", "%{http_code}"]).hasSuffix("404"))
            #expect(try Self.curl(index, "/", ["-d", "x", "-w", "%{http_code}"]).hasSuffix("405"))
            let head = try Self.curl(index, "/metrics", ["-I"])
            #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n") && head.hasSuffix("\r\n\r\n"))
            #expect(head.lowercased().contains("content-type: text/plain; version=0.0.4"))
            #expect(head.lowercased().contains("x-content-type-options: nosniff\r\n"))
            #expect(try Self.curl(index, "/healthz", ["--http1.0"]) == "ok\n")
            #expect(
                try Self.curl(index, "/healthz", ["--next", "http://127.0.0.1:\(index.port)/healthz"]) == "ok\nok\n")
            withExtendedLifetime(peer) {}
        }
    }

    static let garbage = [
        ("GET / HTTP/1.1\r\nHost: x\r\nBad Field\r\n\r\n", "HTTP/1.1 400 "),
        ("GET / HTTP/9.9\r\n\r\n", "HTTP/1.1 505 "), ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/1.1 505 "),
        ("GET /\0 HTTP/1.1\r\n\r\n", "HTTP/1.1 400 "),
        ("GET /\(String(repeating: "a", count: 20_000)) HTTP/1.1\r\n\r\n", "HTTP/1.1 414 "),
        ("GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 40"),
        ("DELETE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "HTTP/1.1 405 "),
        ("GET /\r\nQUIT\r\n", "-ERR unknown command 'GET'"), ("get / http\r\nQUIT\r\n", "-ERR unknown command 'get'"),
        ("\u{16}\u{3}\u{1}\u{0}\u{5}hello", "\u{15}\u{3}\u{3}\u{0}\u{2}"),
    ]

    @Test("what looks like HTTP and is not gets an answer in HTTP, TLS one in TLS, anything else one in RESP")
    func garbage() throws {
        try IndexFixture.run { index in
            for (request, start) in Self.garbage {
                let client = try index.client()
                client.send(Bytes(request.utf8))
                let end = client.end(within: 10)
                #expect(
                    end?.starts(with: Bytes(start.utf8)) == true, "\(start): \(end.map { display($0) } ?? "not closed")"
                )
            }
            #expect(try index.client().ask("PING").text == "+PONG")
        }
    }

    @Test("a page can be asked for byte by byte, and several on one connection")
    func slowly() throws {
        try IndexFixture.run { index in
            let client = try index.client()
            let request = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
            for byte in (request + "HEAD /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").utf8 {
                client.send([byte])
            }
            let answer = String(decoding: client.end() ?? [], as: UTF8.self)
            #expect(answer.split(separator: "HTTP/1.1 200 OK").count == 2)
            #expect(answer.hasSuffix("\r\n\r\n"))
        }
    }

    private static func curl(_ index: IndexFixture, _ path: String, _ flags: [String] = []) throws -> String {
        let end = try ChildProcess.run(
            Tool.curl.path, ["-s", "-m", "10", "http://127.0.0.1:\(index.port)\(path)"] + flags)
        return String(decoding: end.output, as: UTF8.self)
    }
}
