package import P2PProtocol
package import P2PRuntime

/// Which addresses are meant by a list of favourites.
package enum Favourites {
    /// A favourite is an address, an id (`5`, `5@server`), or the name that a peer has given itself.
    package static func addresses(
        of favourites: [Bytes], among peers: [(server: ServerAddress, value: [IndexPeer])]
    ) -> Set<IPAddress> {
        let literal = favourites.compactMap { IPAddress(literal: $0) }
        let references = favourites.compactMap { PeerReference($0) }
        let names = Set(favourites)
        let found = peers.flatMap { server, peers in
            peers.filter { peer in
                peer.name.map(names.contains) == true
                    || references.contains { $0.id == peer.id && ($0.server ?? server) == server }
            }
        }
        return Set(literal + found.compactMap { IPAddress(literal: $0.host) })
    }

    /// Whether a server has to be asked for where they are.
    package static func needLookup(_ favourites: [Bytes]) -> Bool {
        favourites.contains { IPAddress(literal: $0) == nil }
    }
}
