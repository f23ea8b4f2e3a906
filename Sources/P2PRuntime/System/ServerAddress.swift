package import P2PProtocol

/// Where a server is, as a person writes it: `HOST:PORT`, `[v6]:PORT`, or `HOST` with a default port; behind it `#` and
/// the SHA-256 of the server's certificate, if the connection is to be encrypted. It is the same server without.
package struct ServerAddress: Hashable, Sendable, CustomStringConvertible {
    package let host: String
    package let port: UInt16
    /// The certificate by which it is known.
    package let pin: Digest?

    package init(host: String, port: UInt16, pin: Digest? = nil) {
        self.host = host
        self.port = port
        self.pin = pin
    }

    package static func == (one: Self, other: Self) -> Bool { one.host == other.host && one.port == other.port }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(host)
        hasher.combine(port)
    }

    /// Nil when it is no address: an empty host, a port outside 1…65535, blanks or control characters.
    package init?(_ text: String, defaultPort: UInt16 = 8_888) {
        let parts = Array(text.utf8).split(separator: UInt8(ascii: "#"), omittingEmptySubsequences: false)
        let pin = parts.count == 2 ? Digest(hex: parts[1]) : nil
        guard let bytes = parts.first.map({ Array($0) }), parts.count == (pin == nil ? 1 : 2) else { return nil }
        guard !bytes.isEmpty, bytes.count <= 300, bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        guard let (host, port) = Self.split(bytes) else { return nil }
        let number = port.map { Decimal.parse($0, in: 1...65_535) } ?? Int(defaultPort)
        guard let number, !host.isEmpty else { return nil }
        self.init(host: String(decoding: host, as: UTF8.self), port: UInt16(number), pin: pin)
    }

    package var description: String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    /// With the certificate, as it is kept.
    package var text: String {
        pin.map { "\(self)#\(String(decoding: $0.hex, as: UTF8.self))" } ?? description
    }

    private static func split(_ bytes: Bytes) -> (host: Bytes, port: Bytes?)? {
        if bytes.first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            let rest = bytes[(close + 1)...]
            guard rest.isEmpty || rest.first == UInt8(ascii: ":") else { return nil }
            return (Array(bytes[1..<close]), rest.isEmpty ? nil : Array(rest.dropFirst()))
        }
        let colons = bytes.indices.filter { bytes[$0] == UInt8(ascii: ":") }
        guard colons.count == 1, let colon = colons.first else { return (bytes, nil) }
        return (Array(bytes[..<colon]), Array(bytes[(colon + 1)...]))
    }
}
