internal import Glibc
internal import P2PProtocol

/// Host names to addresses, as the system resolves them.
package enum Resolver {
    /// A name that has no address.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let host: String
        package let reason: String
        package var description: String { "cannot resolve \(host): \(reason)" }
    }

    private static let pool = WorkerPool(name: "resolver", threads: 2, capacity: 256)

    /// The first address of `host`. Literals are answered at once; names may take seconds, on a thread of their own.
    package static func address(of host: String) async throws -> IPAddress {
        if let literal = IPAddress(host) { return literal }
        return try await pool.run { try lookUp(host) }
    }

    private static func lookUp(_ host: String) throws(Failure) -> IPAddress {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &found)
        defer { if let found { freeaddrinfo(found) } }
        guard code == 0 else { throw Failure(host: host, reason: String(cString: gai_strerror(code))) }
        var entry = found
        while let current = entry?.pointee {
            var storage = sockaddr_storage()
            if let address = current.ai_addr, Int(current.ai_addrlen) <= MemoryLayout<sockaddr_storage>.size {
                withUnsafeMutableBytes(of: &storage) {
                    $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(current.ai_addrlen)))
                }
                if let endpoint = SocketAddress.endpoint(&storage) { return endpoint.address }
            }
            entry = current.ai_next
        }
        throw Failure(host: host, reason: "no address")
    }
}
