internal import P2PProtocol
internal import P2PRuntime

/// `peer servers add|remove|list`: the servers that the user has chosen. A running peer follows the list.
struct ServersCommand {
    /// What is to be done, as the command line says it.
    enum Order {
        case add(ServerAddress)
        case remove(ServerAddress)
        case list

        init(_ words: [Bytes]) throws(Misuse) {
            switch (words.first.map { String(decoding: $0, as: UTF8.self) }, words.count) {
            case ("add", 2): self = .add(try Self.server(words[1]))
            case ("remove", 2): self = .remove(try Self.server(words[1]))
            case ("list", 1): self = .list
            default: throw Misuse("servers add HOST:PORT, servers remove HOST:PORT or servers list")
            }
        }

        private static func server(_ word: Bytes) throws(Misuse) -> ServerAddress {
            guard let server = ServerAddress(String(decoding: word, as: UTF8.self)) else {
                throw Misuse("\(display(word)) is no server: write HOST:PORT")
            }
            return server
        }
    }

    let configuration: PeerConfiguration
    let isJSON: Bool

    func run(_ order: Order) throws -> ExitCode {
        let (saved, used) = (configuration.savedServers, configuration.servers)
        switch order {
        case .add(let server):
            _ = try PeerState(configuration.stateFolder)
            return try change(server, "is on the list") { _ = try saved.add(server, to: used) }
        case .remove(let server):
            return try change(server, "is no longer on the list") { _ = try saved.remove(server, from: used) }
        case .list:
            list()
            return .done
        }
    }

    private func change(_ server: ServerAddress, _ done: String, _ body: () throws -> Void) throws -> ExitCode {
        do {
            try body()
            complain("\(server) \(done)")
            return .done
        } catch let obstacle as SavedServers.Obstacle {
            complain("\(server) \(obstacle.text)")
            return obstacle == .known ? .done : obstacle == .unknown ? .notFound : .failed
        }
    }

    private func list() {
        let servers = configuration.servers
        guard isJSON else {
            return StandardOutput.write(servers.map { "\($0)\($0.pin == nil ? "" : "  encrypted")\n" }.joined())
        }
        let members = [JSON.Member("servers", .array(servers.map { .text("\($0)") }))]
        StandardOutput.write(JSON.object(members).encoded() + [UInt8(ascii: "\n")])
    }
}
