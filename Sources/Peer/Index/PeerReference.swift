package import P2PProtocol
package import P2PRuntime

/// A peer as a person names it: `5`, or `5@server` where several servers count for themselves.
package struct PeerReference: Hashable, Sendable {
    package let id: Int
    package let server: ServerAddress?

    package init(id: Int, server: ServerAddress?) {
        (self.id, self.server) = (id, server)
    }

    /// Nil when it is neither form.
    package init?(_ text: Bytes) {
        let parts = text.split(separator: UInt8(ascii: "@"), maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let id = Decimal.parse(first), id > 0 else { return nil }
        let server = parts.count == 2 ? ServerAddress(String(decoding: parts[1], as: UTF8.self)) : nil
        guard parts.count == 1 || server != nil else { return nil }
        self.init(id: id, server: server)
    }

    /// As it is typed.
    package var text: Bytes { Bytes((server.map { "\(id)@\($0)" } ?? "\(id)").utf8) }

    /// Whether it means that peer of that server.
    package func matches(_ holder: Holder) -> Bool {
        id == holder.source.id && (server == nil || server == holder.server)
    }
}
