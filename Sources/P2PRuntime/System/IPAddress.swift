internal import Glibc
package import P2PProtocol

/// A literal IPv4 or IPv6 address. Names are resolved elsewhere; what a stranger says is a literal or nothing.
package struct IPAddress: Hashable, Sendable {
    /// Four bytes, or sixteen. IPv4 in IPv6's clothes (`::ffff:…`) is stored as IPv4.
    package let bytes: Bytes

    package static let loopback = IPAddress(bytes: [127, 0, 0, 1])
    package static let any = IPAddress(bytes: [0, 0, 0, 0])

    private init(bytes: Bytes) { self.bytes = bytes }

    /// From network bytes: 4, or 16.
    package init?(network bytes: Bytes) {
        switch bytes.count {
        case 4: self.bytes = bytes
        case 16: self.bytes = bytes.starts(with: Self.mappedPrefix) ? Array(bytes[12...]) : bytes
        default: return nil
        }
    }

    /// From text such as `10.0.0.7` or `fe80::1`: only the canonical dotted quad or an IPv6 literal, so that
    /// `2130706433`, `0177.1` and host names are refused.
    package init?(literal text: some Collection<UInt8>) {
        guard text.count <= 45, !text.contains(0) else { return nil }
        let terminated = text.map { CChar(bitPattern: $0) } + [0]
        var four = in_addr()
        if inet_pton(AF_INET, terminated, &four) == 1 {
            self.init(network: withUnsafeBytes(of: &four) { Array($0) })
            return
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, terminated, &six) == 1 else { return nil }
        self.init(network: withUnsafeBytes(of: &six) { Array($0) })
    }

    package init?(_ text: String) {
        self.init(literal: Array(text.utf8))
    }

    package var isIPv6: Bool { bytes.count == 16 }

    package var isLoopback: Bool {
        isIPv6 ? bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1 : bytes[0] == 127
    }

    /// All zeroes: "every address of this machine" when listening, nobody when connecting.
    package var isUnspecified: Bool { bytes.allSatisfy { $0 == 0 } }

    /// Whether it can be one host's: neither unspecified, multicast, broadcast nor reserved.
    package var isUnicast: Bool {
        isIPv6 ? bytes[0] != 0xFF && !isUnspecified : (1..<224).contains(bytes[0])
    }

    /// Good on one link only; among them the addresses at which clouds hand out credentials.
    package var isLinkLocal: Bool {
        isIPv6 ? bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80 : bytes.starts(with: [169, 254])
    }

    /// As people and the wire write it.
    package var text: Bytes {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = isIPv6 ? AF_INET6 : AF_INET
        guard inet_ntop(family, bytes, &buffer, socklen_t(buffer.count)) != nil else { return [] }
        return buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    }

    private static let mappedPrefix: Bytes = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
}

extension IPAddress: CustomStringConvertible {
    package var description: String { String(decoding: text, as: UTF8.self) }
}

/// An address and a port: one end of a connection.
package struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    package let address: IPAddress
    package let port: UInt16

    package init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    package var description: String {
        address.isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
}
