internal import Glibc
internal import P2PProtocol

/// The addresses of this machine.
package enum LocalAddresses {
    /// By which others on its network reach this machine, as far as that can be known here: nil where it has no network.
    package static var reachable: IPAddress? {
        let all = all.filter { $0.isUnicast && !$0.isLoopback && !$0.isLinkLocal }
        return all.first { !$0.isIPv6 } ?? all.first
    }

    /// Of every interface that is up.
    private static var all: [IPAddress] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [] }
        defer { freeifaddrs(first) }
        var addresses: [IPAddress] = []
        var next = first
        while let entry = next?.pointee {
            next = entry.ifa_next
            guard entry.ifa_flags & UInt32(IFF_UP) != 0, let raw = entry.ifa_addr else { continue }
            if let address = address(raw) { addresses.append(address) }
        }
        return addresses
    }

    private static func address(_ raw: UnsafeMutablePointer<sockaddr>) -> IPAddress? {
        let length: Int
        switch Int32(raw.pointee.sa_family) {
        case AF_INET: length = MemoryLayout<sockaddr_in>.size
        case AF_INET6: length = MemoryLayout<sockaddr_in6>.size
        default: return nil
        }
        var storage = sockaddr_storage()
        withUnsafeMutableBytes(of: &storage) { bytes in
            bytes.copyMemory(from: UnsafeRawBufferPointer(start: raw, count: length))
        }
        return SocketAddress.endpoint(&storage)?.address
    }
}
