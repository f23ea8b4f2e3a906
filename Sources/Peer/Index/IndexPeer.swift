package import P2PProtocol

/// A connected peer, as `PEERS` lists it.
package struct IndexPeer: Hashable, Sendable {
    package let id: Int
    package let host: Bytes
    package let port: Int
    package let name: Bytes?
    package let files: Int
    package let bytes: Int
    /// Seconds since the index last heard of it.
    package let idle: Int
    /// Nil while nobody has tried.
    package let isReachable: Bool?
    /// The certificate with which it serves.
    package let certificate: Digest?

    /// Reads the map `id host port name files bytes idle reachable cert`.
    init?(_ reply: Reply) {
        guard let id = reply["id"]?.integer, let host = reply["host"]?.bytes, let port = reply["port"]?.integer else {
            return nil
        }
        (self.id, self.host, self.port) = (id, host, port)
        name = reply["name"]?.bytes
        files = reply["files"]?.integer ?? 0
        bytes = reply["bytes"]?.integer ?? 0
        idle = reply["idle"]?.integer ?? 0
        certificate = reply["cert"]?.bytes.flatMap { Digest(hex: $0) }
        isReachable =
            switch reply["reachable"] {
            case .boolean(let isReachable): isReachable
            case .integer(let number): number != 0
            default: nil
            }
    }
}
