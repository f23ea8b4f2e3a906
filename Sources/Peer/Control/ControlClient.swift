internal import P2PProtocol
internal import P2PRuntime

/// Tells a running peer what its user wants.
struct ControlClient: Sendable {
    private static let patience: Duration = .seconds(60)
    /// Lists of names and of transfers may be long, and come from the user's own program.
    private static let limits = {
        var limits = Limits.standard
        limits.jsonBytes = 256 << 20
        return limits
    }()

    private let path: Bytes
    private let loop: EventLoop
    /// The servers that the running peer uses.
    let servers: [ServerAddress]

    /// The peer that runs on this state; nil when there is none. Servers on the command line have to be its own.
    static func find(_ configuration: PeerConfiguration, on loop: EventLoop) async throws -> ControlClient? {
        guard let path = ControlSocket.path(for: configuration.stateFolder) else { return nil }
        let about: JSON
        do {
            about = try await ask(.about, [], at: path, on: loop, within: .seconds(10))
        } catch is SystemError {
            // Nobody listens, or nobody whom we may ask.
            return nil
        }
        let servers = (about["servers"]?.array ?? []).compactMap { server in
            server.string.flatMap { ServerAddress(String(decoding: $0, as: UTF8.self)) }
        }
        if configuration.serversAreFromFlags, Set(configuration.servers) != Set(servers) {
            let own = servers.map { "\($0)" }.joined(separator: ", ")
            throw Misuse("the running peer uses \(own): leave --server out, or give another --state")
        }
        return ControlClient(path: path, loop: loop, servers: servers)
    }

    /// The document that a route answers with; throws what it refuses, in its words.
    func ask(_ route: ControlRoute, _ body: Bytes = []) async throws -> JSON {
        do {
            return try await Self.ask(route, body, at: path, on: loop, within: Self.patience)
        } catch let error as SystemError {
            throw PeerFailure("the running peer has gone: \(error.reason)")
        }
    }

    /// The transfers that a route answers with.
    func transfers(_ route: ControlRoute, _ body: Bytes = []) async throws -> [TransferReport] {
        (try await ask(route, body)["transfers"]?.array ?? []).compactMap { TransferReport($0) }
    }

    private static func ask(
        _ route: ControlRoute, _ body: Bytes, at path: Bytes, on loop: EventLoop, within patience: Duration
    ) async throws -> JSON {
        guard let target = route.target else { throw Misuse("that cannot be asked") }
        return try await withTaskExecutorPreference(loop) {
            let deadline = Moment.now + patience
            var client = try HTTPClient(to: path, on: loop)
            let request = RequestHead(
                route.isChange ? .post : .get, target, host: Bytes(ascii: "peer"), bodyBytes: body.count)
            let head = try await client.ask(request, body: body, until: deadline)
            guard let count = head.contentLength, count <= limits.jsonBytes else {
                throw PeerFailure("the running peer answered \(head.status)")
            }
            let document = try JSON.parse(try await client.readBody(count, until: deadline), limits: limits)
            guard head.status == .ok else {
                let reason = document["error"]?.string.map { display($0) } ?? "\(head.status)"
                throw Refused(status: head.status, description: reason)
            }
            return document
        }
    }

    /// The running peer will not do it.
    struct Refused: Error, CustomStringConvertible {
        let status: HTTPStatus
        let description: String
    }
}
