internal import Glibc
package import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// A source of a test that proves its port like any peer, and then serves as it likes.
package final class ScriptedSource {
    /// How it serves.
    package enum Manner: Sendable {
        case honest
        /// From this byte of a content on, each byte is another.
        case lying(from: Int)
        /// No more than so many bytes of an answer come; the connection stays open.
        case stalling(after: Int)
        /// The same, and the connection is closed.
        case cutting(after: Int)
        /// The piece hashes are of another content.
        case foreignPieces
        /// The answer is said to be compressed.
        case compressing
        /// Whatever is asked for is elsewhere.
        case redirecting
        case refusing
        /// Honest, but all connections together get no more than so many bytes a second.
        case paced(bytesPerSecond: Int)
        /// Honest, but it sends the whole file whatever part is asked for.
        case wholeOnly
        /// Says that it is busy the first times that it is asked for a content.
        case busy(times: Int)
    }

    package struct File: Sendable {
        package let name: Bytes
        package let content: Bytes

        package init(_ name: Bytes, _ content: Bytes) { (self.name, self.content) = (name, content) }
        package init(_ name: String, _ content: Bytes) { self.init(Bytes(name.utf8), content) }
    }

    private struct Held: Sendable {
        let content: Bytes
        let layer: PieceLayer
    }

    package let id: Int
    private let registration: WireClient
    private let group: LoopGroup
    private let disk = WorkerPool(name: "scripted", threads: 1)
    private let stage: Stage

    /// Registers at an index, and waits until its port is proven there.
    package init(_ manner: Manner, _ files: [File], at index: IndexFixture, ownership: String = "copy") throws {
        stage = Stage(manner, files)
        group = try LoopGroup(count: 1)
        let listener = try Listener(on: Endpoint(address: .loopback, port: 0), group: group)
        let server = HTTPServer(disk: disk) { [stage] in stage.answer($0) }
        if case .paced(let speed) = manner {
            let pacer = Pacer(bytesPerSecond: speed)
            listener.serve { [stage] stream in
                await PacedConnection(stream: stream, pacer: pacer, answer: stage.answer, sent: stage.count).run()
            }
        } else {
            listener.serve { await server.serve($0) }
        }
        registration = try index.client()
        let words = ["REG", "*", "*", "\(listener.endpoint.port)", "OWNERSHIP", ownership, "FILES"]
        registration.send(WireClient.array(words.map { Bytes($0.utf8) } + stage.entries))
        let reply = try registration.reply()
        guard let id = reply["id"]?.integer, let token = reply["token"]?.bytes else {
            throw TestFailure("REG answered \(reply.text)")
        }
        self.id = id
        stage.token.withLock { $0 = token }
        try index.wait(for: "PEERS") { peers in
            peers.array?.first { $0["id"]?.integer == id }?["reachable"]?.integer == 1
        }
    }

    deinit {
        registration.close()
        group.stop()
        disk.close()
    }

    /// Says goodbye to the index; it goes on serving.
    package func quit() throws { _ = try registration.ask("QUIT") }

    /// From now on it accepts and never answers.
    package func freeze() { group.stop() }

    /// How many bytes of contents it has sent.
    package var sentBytes: Int { stage.sent.load(ordering: .relaxed) }
}

extension ScriptedSource {
    /// What is served, and how.
    private final class Stage: Sendable {
        let token = Mutex(Bytes())
        let sent = Atomic<Int>(0)
        private let requests = Atomic<Int>(0)
        let entries: [Bytes]
        private let manner: Manner
        private let held: [Digest: Held]

        init(_ manner: Manner, _ files: [File]) {
            self.manner = manner
            var (held, entries) = ([Digest: Held](), [Bytes]())
            for file in files {
                var hasher = ContentHasher()
                file.content.withUnsafeBytes { hasher.update($0) }
                let (root, layer) = hasher.finish()
                held[root] = Held(content: file.content, layer: layer)
                entries += [file.name, Bytes(decimal: file.content.count), root.hex]
            }
            (self.held, self.entries) = (held, entries)
        }

        func answer(_ request: HTTPRequest) -> HTTPResponse {
            guard case .found(let route) = PeerRoute.find(request.head) else { return .text(.notFound, "no") }
            switch route {
            case .ping(let nonce):
                let token = token.withLock { $0 }
                return HTTPResponse(
                    .ok, PortProof.answer(token: token, nonce: nonce ?? []), type: ContentType.plainText)
            case .pieces(let root): return pieces(root)
            case .content(let root, _): return content(root, for: request)
            default: return .text(.notFound, "no")
            }
        }

        func count(_ bytes: Int) { sent.wrappingAdd(bytes, ordering: .relaxed) }

        private func pieces(_ root: Digest) -> HTTPResponse {
            guard let held = held[root] else { return .text(.notFound, "no") }
            var wire = held.layer.wire
            if case .foreignPieces = manner { wire[0] ^= 1 }
            return HTTPResponse(.ok, wire, type: ContentType.octets)
        }

        private func content(_ root: Digest, for request: HTTPRequest) -> HTTPResponse {
            guard let held = held[root] else { return .text(.notFound, "no") }
            let (content, size) = (held.content, held.content.count)
            if case .busy(let times) = manner, requests.wrappingAdd(1, ordering: .relaxed).oldValue < times {
                var response = HTTPResponse.text(.unavailable, "busy")
                response.head.fields.append("Retry-After", 1)
                return response
            }
            if case .wholeOnly = manner {
                count(size)
                return HTTPResponse(
                    ResponseHead(.ok, bodyBytes: size, type: ContentType.octets), .bytes(content))
            }
            let decision = ContentDecision.decide(request.head, size: size, tag: EntityTag(root))
            var head = decision.responseHead(root: root, size: size, name: [])
            guard let range = decision.body(ofSize: size) else { return HTTPResponse(head) }
            var body = Bytes(content[range.first...range.last])
            switch manner {
            case .honest, .foreignPieces, .busy, .wholeOnly, .paced: break
            case .lying(let start):
                for index in body.indices where range.first + index >= start { body[index] ^= 0xFF }
            case .stalling(let count): body = Bytes(body.prefix(count))
            case .cutting(let count):
                body = Bytes(body.prefix(count))
                head.fields.append("Connection", "close")
            case .compressing: head.fields.append("Content-Encoding", "gzip")
            case .redirecting:
                head = ResponseHead(HTTPStatus(302))
                head.fields.append("Location", "http://127.0.0.1:1/elsewhere")
                return HTTPResponse(head)
            case .refusing: return .text(.notFound, "no")
            }
            // A slow one counts what really went out.
            if case .paced = manner {} else { count(body.count) }
            return HTTPResponse(head, .bytes(body))
        }
    }
}
