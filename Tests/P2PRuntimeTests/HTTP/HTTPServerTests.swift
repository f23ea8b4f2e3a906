import Glibc
import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

@Suite struct HTTPServerTests {
    private static let content = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 9) }

    /// A server with one file at every path, and `body` as its client.
    private func withServer<Value: Sendable>(
        _ body: @escaping @Sendable (Endpoint, EventLoop) async throws -> Value
    ) async throws -> Value {
        let scratch = try ScratchFolder()
        let path = try scratch.write("content", Self.content)
        let file = OpenFile(Descriptor(owning: open(path, O_RDONLY)))
        let group = try LoopGroup(count: 2)
        defer { group.stop() }
        let disk = WorkerPool(name: "disk", threads: 1)
        defer { disk.close() }
        let server = HTTPServer(disk: disk) { request in
            guard request.head.method != .post else { return .text(.ok, "\(request.body.count) bytes") }
            let decision = ContentDecision.decide(
                request.head, size: Self.content.count, tag: EntityTag(SHA256.hash([])))
            let head = decision.responseHead(
                root: SHA256.hash([]), size: Self.content.count, name: Bytes(ascii: "a.bin"))
            guard let range = decision.body(ofSize: Self.content.count) else { return HTTPResponse(head) }
            return HTTPResponse(head, .file(file, range, sent: { _ in }))
        }
        let listener = try Listener(on: Endpoint(address: .loopback, port: 0), group: group)
        listener.serve { await server.serve($0) }
        let loop = group.loops[0]
        return try await Task(executorPreference: loop) { try await body(listener.endpoint, loop) }.value
    }

    private static func request(_ method: HTTPMethod = .get, range: ByteRange? = nil) throws -> RequestHead {
        var request = RequestHead(
            method, try #require(RequestTarget(Bytes(ascii: "/a.bin"))), host: Bytes(ascii: "test"))
        if let range { request.ask(for: range) }
        return request
    }

    @Test("ranges of a file arrive exactly, one after another over one connection")
    func ranges() async throws {
        let isSame = try await withServer { endpoint, loop in
            var client = try await HTTPClient(to: endpoint, on: loop, until: .now + .seconds(10))
            for (first, last) in [(0, 0), (0, 2_999_999), (1_000_000, 2_500_000), (2_999_999, 2_999_999)] {
                let range = try #require(ByteRange(first, last))
                let head = try await client.ask(try Self.request(range: range), until: .now + .seconds(10))
                guard
                    BodyAnswer.judge(head, asked: range, of: Self.content.count) == .body(count: range.count, excess: 0)
                else { return false }
                guard
                    try await client.readBody(range.count, until: .now + .seconds(10))
                        == Bytes(Self.content[first...last])
                else { return false }
            }
            return true
        }
        #expect(isSame)
    }

    @Test("HEAD has the head of GET and no body")
    func head() async throws {
        let lengths = try await withServer { endpoint, loop in
            var client = try await HTTPClient(to: endpoint, on: loop, until: .now + .seconds(10))
            let first = try await client.ask(try Self.request(.head), until: .now + .seconds(10)).contentLength
            let second = try await client.ask(try Self.request(.head), until: .now + .seconds(10)).contentLength
            return [first, second]
        }
        #expect(lengths == [3_000_000, 3_000_000])
    }

    @Test(
        "[attack A39] a head in doubt is answered once with a fault, then the connection is closed",
        arguments: [
            ("GET / HTTP/1.1\r\n\r\n", "400"), ("GET / HTTP/9.9\r\nHost: a\r\n\r\n", "505"),
            ("\u{16}nonsense\r\n\r\n", "400"),
            ("GET /\(String(repeating: "a", count: 20_000)) HTTP/1.1\r\n", "41"),
        ])
    func faults(text: String, status: String) async throws {
        let answer = try await withServer { endpoint, loop in
            let stream = try await Stream.connect(to: endpoint, on: loop, until: .now + .seconds(10))
            defer { stream.close() }
            try await stream.write(Bytes(text.utf8), until: .now + .seconds(10))
            return try await Self.readAll(stream)
        }
        #expect(String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.1 \(status)"))
    }

    @Test("[attack A5] two requests in one write are answered as themselves, in order")
    func pipelined() async throws {
        let answer = try await withServer { endpoint, loop in
            let stream = try await Stream.connect(to: endpoint, on: loop, until: .now + .seconds(10))
            defer { stream.close() }
            let get = "GET /a HTTP/1.1\r\nHost: a\r\nRange: bytes=0-4\r\n\r\n"
            let post = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc"
            try await stream.write(Bytes((get + post).utf8), until: .now + .seconds(10))
            return try await Self.readAll(stream)
        }
        let text = String(decoding: answer, as: UTF8.self)
        #expect(text.hasPrefix("HTTP/1.1 206"))
        #expect(text.hasSuffix("3 bytes\n"))
    }

    @Test("a connection is closed after the answer when that was asked for")
    func closes() async throws {
        let rest = try await withServer { endpoint, loop in
            let stream = try await Stream.connect(to: endpoint, on: loop, until: .now + .seconds(10))
            defer { stream.close() }
            try await stream.write(
                Bytes(ascii: "HEAD /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"), until: .now + .seconds(10))
            return try await Self.readAll(stream)
        }
        #expect(rest.count > 0)
    }

    private static func readAll(_ stream: Stream) async throws -> Bytes {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 1)
        defer { buffer.deallocate() }
        var all = Bytes()
        while true {
            let count = try await stream.read(into: buffer, until: .now + .seconds(10))
            guard count > 0 else { return all }
            all += buffer[..<count]
        }
    }
}
