package import P2PRuntime

/// A peer's number: from 1, never used twice.
package typealias PeerID = Int

/// The key of the dictionary: which peer, and where it listens.
package struct PeerKey: Hashable, Sendable {
    package let id: PeerID
    package let host: IPAddress
    package let port: Int

    package init(id: PeerID, host: IPAddress, port: Int) {
        self.id = id
        self.host = host
        self.port = port
    }
}
