package import P2PRuntime

/// Somebody who has a content, and the server that says so.
package struct Holder: Hashable, Sendable {
    package let server: ServerAddress
    package let source: IndexSource
    /// How long it takes to answer; nil as long as nobody has measured it.
    package internal(set) var latency: Duration?

    package init(server: ServerAddress, source: IndexSource) {
        (self.server, self.source) = (server, source)
    }

    /// The peer as it is asked for later, whatever its address is then.
    var reference: PeerReference { PeerReference(id: source.id, server: server) }

    /// The id for people; with the server where several are asked.
    package func label(isUnambiguous: Bool) -> String {
        isUnambiguous ? "\(source.id)" : "\(source.id)@\(server)"
    }
}
