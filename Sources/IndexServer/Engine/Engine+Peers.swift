package import P2PProtocol
package import P2PRuntime

/// One line of PEERS.
package struct PeerRow: Sendable {
    package let key: PeerKey
    package let hostText: Bytes
    package let name: Bytes?
    package let files: Int
    package let bytes: Int
    /// Since it was last heard of.
    package let idle: Duration
    package let reachability: Reachability
    package let certificate: Digest?
}

/// PEERS, and the dictionary as it is printed.
extension Engine {
    /// The dictionary's keys with what is known of each peer, by ascending id.
    package func peerRows(now: Moment) -> [PeerRow] {
        inOrder.map { peer in
            PeerRow(
                key: peer.key, hostText: peer.hostText, name: peer.description.name, files: peer.files,
                bytes: max(0, peer.bytes), idle: max(.zero, now.since(peer.lastHeard)), reachability: peer.reachability,
                certificate: peer.description.certificate)
        }
    }

    /// The dictionary of the design card: each key with its names, at most so many, in the order in which they became
    /// known. Hidden entries are in it: it is the operator's view.
    package func dictionary(maxNamesPerPeer: Int) -> [(key: PeerKey, names: [Bytes], total: Int)] {
        inOrder.map { peer in
            let names = peer.titles.some(from: 0, limit: maxNamesPerPeer).map {
                catalog.names.bytes(catalog.titles[Int($0)].name)
            }
            return (peer.key, names, peer.files)
        }
    }

    private var inOrder: [RegisteredPeer] {
        dictionary.sorted { $0.key.id < $1.key.id }.map { peers[Int($0.value)] }
    }
}
