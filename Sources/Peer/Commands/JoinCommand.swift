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
        let earlier = keys.all(for: server)
        let login = Login(user: line.user.bytes, password: key.password)
        // Before the code is spent: with a lost answer the key is good all the same.
        try keys.add(login, for: server)
        do {
            try await redeem(line, key, at: server)
            try keys.confirm(login, for: server)
        } catch let failure as IndexFailure {
            if !failure.isOpen { try keys.remove(login, for: server) }
            guard failure.isWrongLogin else { throw PeerFailure("\(server): \(failure.advice)") }
            // The line may have been redeemed from here, and nobody heard of it.
            guard let good = await first(of: earlier, at: server) else {
                throw PeerFailure("this invitation is not good any more: ask for another one")
            }
            try keys.confirm(good, for: server)
            try remember(server)
            throw PeerFailure(
                "this invitation is not good any more, but this device has joined before, as \(display(good.user)): "
                    + "nothing is left to do")
        }
        try remember(server)
        StandardOutput.write("joined \(server) as \(line.user)\n")
        return .done
    }

    /// The first by which this device is let in.
    private func first(of logins: [Login], at server: ServerAddress) async -> Login? {
        for login in logins {
            guard let connection = try? await IndexConnection.open(to: server, on: loop, as: IndexAccount(login)) else {
                continue
            }
            connection.close()
            return login
        }
        return nil
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
    /// Whether nobody can say if it was done.
    fileprivate var isOpen: Bool {
        switch self {
        case .timedOut, .closed, .left: true
        default: false
        }
    }
}
