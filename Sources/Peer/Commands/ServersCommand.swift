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
        do {
            switch order {
            case .add(let server):
                _ = try PeerState(configuration.stateFolder)
                _ = try configuration.savedServers.add(server, to: configuration.servers)
                complain("\(server) is on the list")
            case .remove(let server):
                _ = try configuration.savedServers.remove(server, from: configuration.servers)
                complain("\(server) is no longer on the list")
            case .list: list()
            }
        } catch let obstacle as SavedServers.Obstacle {
            if case .add(let server) = order { complain("\(server) \(obstacle.text)") }
            if case .remove(let server) = order { complain("\(server) \(obstacle.text)") }
            return obstacle == .known ? .done : obstacle == .unknown ? .notFound : .failed
        }
        return .done
    }

    private func list() {
        let servers = configuration.servers
        guard isJSON else { return StandardOutput.write(servers.map { "\($0)\n" }.joined()) }
        let members = [JSON.Member("servers", .array(servers.map { .text("\($0)") }))]
        StandardOutput.write(JSON.object(members).encoded() + [UInt8(ascii: "\n")])
    }
}
