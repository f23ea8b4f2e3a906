internal import P2PProtocol

/// One connection of an HTTP server: head, body, answer, and again.
struct HTTPServerConnection {
    private let server: HTTPServer
    private let stream: Stream
    /// What has arrived and was not consumed.
    private var pending: Bytes
    private var parser: RequestHeadParser
    /// Nothing has been understood yet: it may begin with a TLS handshake.
    private var isFresh = true

    init(server: HTTPServer, stream: Stream, pending: Bytes) {
        self.server = server
        self.stream = stream
        self.pending = pending
        parser = RequestHeadParser(limits: server.limits)
    }

    mutating func run() async {
        do {
            while let head = try await nextHead() {
                let body = try await readBody(of: head)
                let request = HTTPRequest(
                    head: head, body: body, remote: stream.remote, local: stream.local, point: stream.point)
                let response = await server.service(request)
                defer { withExtendedLifetime(response.holds) {} }
                guard try await send(response, to: head) else { return await finish() }
            }
        } catch let fault as HTTPFault {
            try? await stream.write(fault.response, until: .now + server.headPatience)
            await finish()
        } catch {
            // The other side is gone, or took too long: nobody is left to be told.
        }
    }

    /// The next request's head; nil when the connection ends between two requests.
    private mutating func nextHead() async throws -> RequestHead? {
        var deadline: Moment?
        while true {
            if !pending.isEmpty, isFresh { try await beginEncryption() }
            if !pending.isEmpty {
                switch parseHead() {
                case .head(let head, let consumed):
                    pending.removeFirst(consumed)
                    return head
                case .failed(let fault): throw fault
                case .needMore:
                    guard couldBeHTTP else { throw HTTPFault(.badRequest, "this is not HTTP") }
                    deadline = deadline ?? .now + server.headPatience
                }
            }
            let readiness = await stream.wait(for: [.readable, .shutdown], until: deadline ?? .now + server.idle)
            if readiness.contains(.deadline) {
                guard deadline != nil else { return nil }
                throw HTTPFault(.requestTimeout, "the request did not arrive in time")
            }
            if readiness.contains(.shutdown), pending.isEmpty, !readiness.contains(.readable) { return nil }
            guard try receive() else { return nil }
        }
    }

    private mutating func beginEncryption() async throws(StreamError) {
        isFresh = false
        guard let tls = server.tls, !stream.isEncrypted,
            ProtocolSniffer.sniff(pending.span, limits: server.limits) == .tls
        else { return }
        let read = pending
        pending = []
        try await stream.encrypt(tls, initial: read, until: .now + server.headPatience)
    }

    private mutating func parseHead() -> HeadStep<RequestHead> {
        let bytes = pending
        return parser.next(in: bytes.span)
    }

    /// Whether what has arrived can become a head. Whoever speaks another protocol is told so rather than waited for.
    private var couldBeHTTP: Bool {
        // One empty line before a request is allowed.
        let start = pending.starts(with: Bytes(ascii: "\r\n")) ? 2 : pending == Bytes(ascii: "\r") ? 1 : 0
        let verdict = ProtocolSniffer.sniff(pending.span.extracting(start...), limits: server.limits)
        return verdict == .http || verdict == .needMore
    }

    private mutating func readBody(of head: RequestHead) async throws -> Bytes {
        guard head.bodyBytes > 0 else { return [] }
        let deadline = Moment.now + server.headPatience
        if head.expectsContinue {
            try await stream.write(Bytes(ascii: "HTTP/1.1 100 Continue\r\n\r\n"), until: deadline)
        }
        while pending.count < head.bodyBytes {
            let readiness = await stream.wait(for: .readable, until: deadline)
            if readiness.contains(.deadline) { throw HTTPFault(.requestTimeout, "the body did not arrive in time") }
            guard try receive() else { throw StreamError.closedEarly }
        }
        let body = Bytes(pending[..<head.bodyBytes])
        pending.removeFirst(head.bodyBytes)
        return body
    }

    /// Takes what has arrived; false at the end of the stream.
    private mutating func receive() throws(StreamError) -> Bool {
        let scratch = stream.loop.scratch.input
        switch stream.receive(into: scratch) {
        case .done(0): return false
        case .done(let count):
            pending.append(contentsOf: scratch[..<count])
            return true
        case .wouldBlock: return true
        case .failed(let code): throw .failed(SystemError("recv", code, on: stream.remote.description))
        }
    }

    /// Sends the answer; false when the connection is to be closed after it.
    private func send(_ response: HTTPResponse, to request: RequestHead) async throws -> Bool {
        let keepsAlive = request.keepsAlive && response.head.keepsAlive && !stream.point.isShuttingDown
        var head = response.head
        if !keepsAlive, !head.fields.lists("close", in: "Connection") { head.fields.append("Connection", "close") }
        if keepsAlive, request.version == .http10 { head.fields.append("Connection", "keep-alive") }
        let isBodyWanted = request.method != .head
        switch response.body {
        case .bytes(let body) where isBodyWanted:
            try await write(head.bytes + body)
        case .file(let file, let range, let sent, let pace) where isBodyWanted:
            try await stream.write(head.bytes, until: .now + server.progressPatience, isMoreToCome: true)
            try await FileSender(
                stream: stream, disk: server.disk, patience: server.progressPatience, isWanted: response.isWanted
            ).send(file, range, sent, pace)
        case .growing(let file, let range, let arrived) where isBodyWanted:
            try await write(head.bytes)
            try await FileSender(stream: stream, disk: server.disk, patience: server.progressPatience)
                .send(file, range, arrived: arrived)
        default:
            try await write(head.bytes)
        }
        return keepsAlive
    }

    /// Writes in steps, each with a patience of its own, so that a slow reader is not a stalled one.
    private func write(_ bytes: Bytes) async throws {
        let step = 256 << 10
        for start in stride(from: 0, to: bytes.count, by: step) {
            let end = min(start + step, bytes.count)
            try await stream.write(Bytes(bytes[start..<end]), until: .now + server.progressPatience)
        }
    }

    /// Closes without losing the answer: unread input would make the kernel send a reset that overtakes it.
    private func finish() async {
        stream.finishWriting()
        let deadline = Moment.now + .seconds(1)
        var left = 1 << 20
        while left > 0 {
            let scratch = stream.loop.scratch.input
            switch stream.receive(into: scratch) {
            case .done(let count) where count > 0: left -= count
            case .wouldBlock:
                if await stream.wait(for: .readable, until: deadline).contains(.deadline) { return }
            default: return
            }
        }
    }
}
