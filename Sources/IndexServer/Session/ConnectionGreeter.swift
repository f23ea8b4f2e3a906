internal import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// Receives every connection and hands it to what it speaks: RESP or HTTP, on one port.
final class ConnectionGreeter: Sendable {
    /// A handshake takes two ways there and back; who needs longer holds a place for nothing.
    private static let handshakePatience = Duration.seconds(10)
    private static let handshakeRecord: UInt8 = 0x16

    private let server: Server
    private let pages: HTTPServer
    private let open = Atomic<Int>(0)
    private let addresses: AddressCount

    /// What a connection has turned out to be, with the bytes that told.
    private enum Language {
        case http(Bytes)
        case tls(Bytes)
        /// Plain, from where it must not be.
        case unsafe(Bytes)
        case resp(Session)
        /// Too little has come to tell.
        case unknown
        case silent
    }

    init(server: Server, disk: WorkerPool) {
        self.server = server
        let bounds = server.configuration.limits
        addresses = AddressCount(limit: bounds.connectionsPerAddress, countsLoopback: bounds.countsLoopback)
        let pages = IndexPages(server: server)
        var limits = server.limits
        var idle = HTTPServer.usualIdle
        if server.isClosed {
            // Nothing here takes a body, and who has no account is not waited for.
            limits.bodyBytes = 0
            idle = bounds.login
        }
        self.pages = HTTPServer(limits: limits, disk: disk, idle: idle) { await pages.answer($0) }
    }

    func serve(_ stream: Stream) async {
        defer { open.wrappingSubtract(1, ordering: .relaxed) }
        guard enter(stream) else { return await refuse(stream, Bytes(ascii: "-ERR max number of clients reached\r\n")) }
        defer { addresses.leave(stream.remote.address) }
        let language = await listen(to: stream)
        if case .resp(let session) = language { await session.run() } else { await serve(stream, in: language) }
    }

    // Every connection keeps a frame of `serve` for its life, and one of `listen` until it speaks. What can be done
    // beside them is: all that a task keeps over an await shall fit the first kilobyte that it is given.

    /// What most connections do not speak, or not at first.
    @inline(never)
    private func serve(_ stream: Stream, in language: Language) async {
        switch language {
        case .http(let initial): await pages.serve(stream, initial: initial)
        case .tls(let initial): if await encrypt(stream, initial) { await serve(stream, in: listen(to: stream)) }
        case .unsafe(let hint): await refuse(stream, hint)
        case .resp(let session): await session.run()
        case .unknown, .silent: return
        }
    }

    @inline(never)
    private func refuse(_ stream: Stream, _ message: Bytes) async {
        try? await stream.write(message, until: .now + .seconds(1))
    }

    @inline(never)
    private func encrypt(_ stream: Stream, _ initial: Bytes) async -> Bool {
        guard !stream.isEncrypted else { return false }
        do {
            try await stream.encrypt(server.certificate.context, initial: initial, until: .now + Self.handshakePatience)
            return true
        } catch {
            server.log.debug("connection.not_encrypted", ["peer": stream.remote.description, "reason": "\(error)"])
            return false
        }
    }

    /// Counts a connection; false when it is one too many.
    @inline(never)
    private func enter(_ stream: Stream) -> Bool {
        let count = open.wrappingAdd(1, ordering: .relaxed).newValue
        server.metrics.connections.add(1)
        server.log.debug("connection.opened", ["peer": stream.remote.description])
        let isOneTooMany = count > server.settings.maximumConnections
        if !isOneTooMany, addresses.enter(stream.remote.address) { return true }
        server.metrics.refusedConnections.add(1)
        server.limitLog.note(isOneTooMany ? .connections : .connectionsPerAddress, by: stream.remote)
        return false
    }

    /// The first bytes, until they tell what is spoken.
    private func listen(to stream: Stream) async -> Language {
        var initial = Bytes()
        var deadline = self.deadline
        while true {
            let readiness = await stream.wait(for: [.readable, .shutdown], until: deadline)
            let language = language(of: stream, readiness, &initial, deadline)
            if case .unknown = language {
                deadline = min(deadline, begun(initial))
                continue
            }
            return language
        }
    }

    /// Anybody may be silent for as long as they like unless the configuration says otherwise.
    private var deadline: Moment {
        @inline(never) get {
            let bounds = server.configuration.limits
            return (server.isClosed ? bounds.login : bounds.idle).map { .now + $0 } ?? .distantFuture
        }
    }

    /// When a handshake that has begun must be there.
    @inline(never)
    private func begun(_ initial: Bytes) -> Moment {
        initial.first == Self.handshakeRecord ? .now + Self.handshakePatience : .distantFuture
    }

    /// Whether the first record has come, or is none that would be waited for.
    private static func isWholeHello(_ bytes: Bytes) -> Bool {
        guard bytes.count >= 5 else { return false }
        let length = Int(bytes[3]) << 8 | Int(bytes[4])
        return length > 16 << 10 || bytes.count >= 5 + length
    }

    /// What all that has come is.
    @inline(never)
    private func language(
        of stream: Stream, _ readiness: Readiness, _ initial: inout Bytes, _ deadline: Moment
    ) -> Language {
        guard readiness.isDisjoint(with: [.shutdown, .deadline]) else {
            if server.isClosed, readiness.contains(.deadline) { server.limitLog.note(.login, by: stream.remote) }
            return .silent
        }
        guard let verdict = receive(from: stream, after: &initial) else { return .silent }
        // What is secret does not travel plainly.
        if server.isClosed, !stream.isEncrypted, !stream.remote.address.isLoopback,
            let hint = Self.hint(for: verdict)
        {
            return .unsafe(hint)
        }
        switch verdict {
        case .needMore: return .unknown
        case .http: return .http(initial)
        // OpenSSL takes its memory when the greeting is there: a single byte gets none.
        case .tls: return Self.isWholeHello(initial) ? .tls(initial) : .unknown
        case .resp: return .resp(Session(server: server, stream: stream, initial: initial, loginDeadline: deadline))
        }
    }

    /// What somebody is told who speaks plainly to a closed index.
    private static func hint(for verdict: ProtocolSniffer.Verdict) -> Bytes? {
        switch verdict {
        case .needMore, .tls: return nil
        case .resp: return Bytes(ascii: "-ERR TLS required\r\n")
        case .http:
            var response = HTTPResponse.text(.badRequest, "TLS required: use https")
            response.head.fields.append("Connection", "close")
            return response.head.bytes + Bytes(ascii: "TLS required: use https\n")
        }
    }

    /// Reads once, no more than it takes to tell; what all that has come is, or nil at the end of the stream.
    private func receive(from stream: Stream, after initial: inout Bytes) -> ProtocolSniffer.Verdict? {
        let scratch = UnsafeMutableRawBufferPointer(rebasing: stream.loop.scratch.input[..<server.limits.targetBytes])
        switch stream.receive(into: scratch) {
        case .done(0), .failed: return nil
        case .done(let count): initial.append(contentsOf: scratch[..<count])
        case .wouldBlock: return .needMore
        }
        return ProtocolSniffer.sniff(initial.span, limits: server.limits)
    }
}
