package import P2PProtocol
package import P2PRuntime

/// Somebody who has a content, as an index lists them.
package struct IndexSource: Hashable, Sendable {
    package let id: Int
    /// A literal address; nil when the peer is not connected.
    package let host: Bytes?
    package let port: Int
    /// It has only some of the pieces yet.
    package let isPartial: Bool
    /// It lets others take the file away.
    package let isMovable: Bool
    /// The certificate with which it serves.
    package let certificate: Digest?

    package init(
        id: Int, host: Bytes?, port: Int, isPartial: Bool = false, isMovable: Bool = false,
        certificate: Digest? = nil
    ) {
        (self.id, self.host, self.port) = (id, host, port)
        (self.isPartial, self.isMovable, self.certificate) = (isPartial, isMovable, certificate)
    }

    /// Reads `[id host port flags cert]`; further elements may follow.
    init?(_ reply: Reply) {
        guard let id = reply[0]?.integer, id > 0, let flags = reply[3]?.bytes else { return nil }
        self.init(
            id: id, host: reply[1]?.bytes, port: reply[2]?.integer ?? 0, isPartial: flags.contains(UInt8(ascii: "p")),
            isMovable: flags.contains(UInt8(ascii: "m")),
            certificate: reply[4]?.bytes.flatMap { Digest(hex: $0) })
    }

    /// Where to fetch from; nil when it is not connected, or its address is none that a peer can have. An index may
    /// name what it likes: services and cloud metadata are not dialled for it.
    package var endpoint: Endpoint? {
        guard let host, let address = IPAddress(literal: host), address.isUnicast, !address.isLinkLocal else {
            return nil
        }
        guard let port = UInt16(exactly: port), PeerPort.permits(port) else { return nil }
        return Endpoint(address: address, port: port)
    }
}
