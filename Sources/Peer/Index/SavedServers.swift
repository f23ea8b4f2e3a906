internal import P2PProtocol
package import P2PRuntime

/// The servers that the user has chosen, in the peer's state: they go before those of the configuration.
package struct SavedServers: Sendable {
    /// Why a list is left as it is.
    package enum Obstacle: Error, Equatable {
        case known
        case unknown
        /// There has to be one.
        case last

        /// In words for a person.
        package var text: String {
            switch self {
            case .known: "is on the list already"
            case .unknown: "is not on the list"
            case .last: "is the only server: add another one first"
            }
        }
    }

    private let list: SavedList

    /// The list that is kept in that file, which need not be there.
    package init(file: [UInt8]) { list = SavedList(file: file) }

    /// In the order in which they were added; empty when the user has not chosen.
    package var servers: [ServerAddress] {
        list.entries.compactMap { ServerAddress(String(decoding: $0, as: UTF8.self)) }
    }

    /// Adds one to those that are in use, which are all chosen then; one of them that has another certificate now is
    /// known by that from then on.
    package func add(_ server: ServerAddress, to used: [ServerAddress]) throws -> [ServerAddress] {
        guard let place = used.firstIndex(of: server) else { return try save(used + [server]) }
        guard let pin = server.pin, used[place].pin != pin else { throw Obstacle.known }
        return try save(used.map { $0 == server ? server : $0 })
    }

    /// Takes one away from those that are in use.
    package func remove(_ server: ServerAddress, from used: [ServerAddress]) throws -> [ServerAddress] {
        guard used.contains(server) else { throw Obstacle.unknown }
        guard used.count > 1 else { throw Obstacle.last }
        return try save(used.filter { $0 != server })
    }

    private func save(_ servers: [ServerAddress]) throws -> [ServerAddress] {
        try list.save(servers.map { [UInt8]($0.text.utf8) })
        return servers
    }
}
