internal import CLinux
internal import Glibc
internal import P2PProtocol

/// `Endpoint` to and from what the kernel reads.
enum SocketAddress {
    static func withRaw<Result>(_ endpoint: Endpoint, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result
    {
        if endpoint.address.isIPv6 {
            var raw = sockaddr_in6()
            raw.sin6_family = sa_family_t(AF_INET6)
            raw.sin6_port = endpoint.port.bigEndian
            withUnsafeMutableBytes(of: &raw.sin6_addr) { $0.copyBytes(from: endpoint.address.bytes) }
            return rebound(&raw, body)
        }
        var raw = sockaddr_in()
        raw.sin_family = sa_family_t(AF_INET)
        raw.sin_port = endpoint.port.bigEndian
        withUnsafeMutableBytes(of: &raw.sin_addr) { $0.copyBytes(from: endpoint.address.bytes) }
        return rebound(&raw, body)
    }

    static func endpoint(_ storage: inout sockaddr_storage) -> Endpoint? {
        let family = Int32(storage.ss_family)
        return withUnsafeBytes(of: &storage) { raw in
            switch family {
            case AF_INET:
                let four = raw.loadUnaligned(as: sockaddr_in.self)
                return make(withUnsafeBytes(of: four.sin_addr) { Array($0) }, four.sin_port)
            case AF_INET6:
                let six = raw.loadUnaligned(as: sockaddr_in6.self)
                return make(withUnsafeBytes(of: six.sin6_addr) { Array($0) }, six.sin6_port)
            default:
                return nil
            }
        }
    }

    private static func make(_ bytes: Bytes, _ port: in_port_t) -> Endpoint? {
        IPAddress(network: bytes).map { Endpoint(address: $0, port: UInt16(bigEndian: port)) }
    }

    private static func rebound<Raw, Result>(
        _ raw: inout Raw, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafePointer(to: &raw) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<Raw>.size)) }
        }
    }
}
