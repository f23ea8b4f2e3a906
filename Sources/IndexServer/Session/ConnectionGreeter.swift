internal import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// Receives every connection and hands it to what it speaks: RESP or HTTP, on one port.
final class ConnectionGreeter: Sendable {
    private let server: Server
    private let pages: HTTPServer
    private let open = Atomic<Int>(0)
    private let addresses: AddressCount

    init(server: Server, disk: WorkerPool) {
        self.server = server
        let bounds = server.configuration.limits
        addresses = AddressCount(limit: bounds.connectionsPerAddress, countsLoopback: bounds.countsLoopback)
        let pages = IndexPages(server: server)
        self.pages = HTTPServer(limits: server.limits, disk: disk) { await pages.answer($0) }
    }

    func serve(_ stream: Stream) async {
        defer { open.wrappingSubtract(1, ordering: .relaxed) }
        guard enter(stream) else {
            try? await stream.write(Bytes(ascii: "-ERR max number of clients reached\r\n"), until: .now + .seconds(1))
            return
        }
        defer { addresses.leave(stream.remote.address) }
        guard let (language, initial) = await listen(to: stream) else { return }
        switch language {
        case .http: await pages.serve(stream, initial: initial)
        case .tls:
            // Alert "protocol version", so that a TLS client says something sensible.
            try? await stream.write([0x15, 3, 3, 0, 2, 2, 70], until: .now + .seconds(1))
        case .resp, .needMore: await Session(server: server, stream: stream, initial: initial).run()
        }
    }

    /// Counts a connection; false when it is one too many. Apart from `serve`, which every connection keeps a frame of.
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
    /// The first bytes, until they tell what is spoken; nil when the connection ends before. Anybody may be silent for as
    /// long as they like unless the configuration says otherwise.
    private func listen(to stream: Stream) async -> (ProtocolSniffer.Verdict, Bytes)? {
        var initial = Bytes()
        let deadline = server.configuration.limits.idle.map { .now + $0 } ?? Moment.distantFuture
        while true {
            let readiness = await stream.wait(for: [.readable, .shutdown], until: deadline)
            guard readiness.isDisjoint(with: [.shutdown, .deadline]) else { return nil }
            let scratch = stream.loop.scratch.input
            switch stream.receive(into: scratch) {
            case .done(0), .failed: return nil
            case .done(let count): initial.append(contentsOf: scratch[..<count])
            case .wouldBlock: continue
            }
            let verdict = ProtocolSniffer.sniff(initial.span, limits: server.limits)
            if verdict != .needMore { return (verdict, initial) }
        }
    }
}
