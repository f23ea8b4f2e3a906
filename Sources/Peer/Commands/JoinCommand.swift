internal import P2PProtocol
internal import P2PRuntime

/// `peer join LINE`: redeems an invitation. From then on this device is let in by a key of its own.
struct JoinCommand {
    let configuration: PeerConfiguration
    let loop: EventLoop

    func run(_ text: Bytes) async throws -> ExitCode {
        guard let line = JoinLine(text), let place = ServerAddress(String(decoding: line.server, as: UTF8.self)) else {
            throw Misuse("that is no invitation: copy the whole line that index-server invite printed")
        }
        let server = ServerAddress(host: place.host, port: place.port, pin: line.fingerprint)
        let state = try PeerState(configuration.stateFolder)
        let keys = DeviceKeys(path: state.file("devices.json"))
        guard let key = DeviceKey(random: try RandomBytes.make(32)) else { throw PeerFailure("no key could be made") }
        // Before the code is spent: with a lost answer the key is good all the same.
        let former = keys[server]
        try keys.set(Login(user: line.user.bytes, password: key.password), for: server)
        do {
            try await redeem(line, key, at: server)
        } catch let failure as IndexFailure {
            if failure.isWrongLogin || failure.isUnsent { try keys.set(former, for: server) }
            guard failure.isWrongLogin else { throw PeerFailure("\(server): \(failure.advice)") }
            throw PeerFailure("this invitation is not good any more: ask for another one")
        }
        try remember(server)
        StandardOutput.write("joined \(server) as \(line.user)\n")
        return .done
    }

    private func redeem(_ line: JoinLine, _ key: DeviceKey, at server: ServerAddress) async throws {
        let connection = IndexConnection(to: server, on: loop)
        defer { connection.close() }
        try await connection.requireSecrecy()
        let request = JoinRequest(user: line.user.bytes, code: line.code, device: key.digest)
        _ = try await connection.ask(.join(request))
    }

    /// The server is one of those that are used from now on; of a new peer's, the only one.
    private func remember(_ server: ServerAddress) throws {
        let used = configuration.serversAreBuiltIn ? [] : configuration.servers
        do {
            _ = try configuration.savedServers.add(server, to: used)
        } catch SavedServers.Obstacle.known {
            return
        }
    }
}

extension IndexFailure {
    /// Whether nothing can have arrived.
    fileprivate var isUnsent: Bool {
        if case .unreachable = self { true } else { false }
    }
}
