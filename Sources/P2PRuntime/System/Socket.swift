internal import CLinux
internal import Glibc

/// TCP sockets: made non-blocking and closed on exec, always.
package enum Socket {
    /// A listening socket. SO_REUSEADDR frees the port at once after Ctrl-C; no SO_REUSEPORT, so that a second
    /// server on the same port is refused.
    package static func listen(on endpoint: Endpoint, backlog: Int32 = 4_096) throws(SystemError) -> Descriptor {
        let socket = try open(endpoint)
        setOption(socket.raw, SOL_SOCKET, SO_REUSEADDR, 1)
        if endpoint.address.isIPv6 { setOption(socket.raw, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0) }
        let number = socket.raw
        try SystemCall.require("bind", on: endpoint.description) {
            SocketAddress.withRaw(endpoint) { bind(number, $0, $1) }
        }
        try SystemCall.require("listen", on: endpoint.description) { Glibc.listen(number, backlog) }
        return socket
    }

    /// A socket that has begun to connect; it is writable once that came to an end.
    package static func connect(to endpoint: Endpoint) throws(SystemError) -> Descriptor {
        let socket = try open(endpoint)
        setOption(socket.raw, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        let number = socket.raw
        let result = SocketAddress.withRaw(endpoint) { Glibc.connect(number, $0, $1) }
        let code = errno
        guard result == 0 || code == EINPROGRESS || code == EINTR else {
            throw SystemError("connect", code, on: endpoint.description)
        }
        return socket
    }

    /// The next connection that waits, or nil; errors of one connection are no errors of the listener.
    static func accept(_ listener: Int32) -> (result: CallResult, from: Endpoint?) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = SystemCall.attempt {
            withUnsafeMutablePointer(to: &storage) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Int(clinux_accept(listener, $0, &length)) }
            }
        }
        guard case .done(let number) = result else { return (result, nil) }
        setOption(Int32(number), Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        return (result, SocketAddress.endpoint(&storage))
    }

    /// The address on our side.
    package static func localEndpoint(_ socket: Int32) -> Endpoint? {
        named(socket, getsockname)
    }

    /// The address on the other side.
    package static func remoteEndpoint(_ socket: Int32) -> Endpoint? {
        named(socket, getpeername)
    }

    /// How a connect that was begun came out: 0, or the error.
    static func pendingError(_ socket: Int32) -> Int32 {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &length) == 0 else { return errno }
        return code
    }

    /// Finds a silent death within 60 s + 3 × 10 s.
    package static func keepAlive(_ socket: Int32) {
        setOption(socket, SOL_SOCKET, SO_KEEPALIVE, 1)
        setOption(socket, Int32(IPPROTO_TCP), TCP_KEEPIDLE, 60)
        setOption(socket, Int32(IPPROTO_TCP), TCP_KEEPINTVL, 10)
        setOption(socket, Int32(IPPROTO_TCP), TCP_KEEPCNT, 3)
    }

    /// Close by reset: the other side learns at once, and no TIME_WAIT stays with us.
    package static func resetOnClose(_ socket: Int32) {
        var choice = linger(l_onoff: 1, l_linger: 0)
        _ = setsockopt(socket, SOL_SOCKET, SO_LINGER, &choice, socklen_t(MemoryLayout<linger>.size))
    }

    private static func open(_ endpoint: Endpoint) throws(SystemError) -> Descriptor {
        let family = endpoint.address.isIPv6 ? AF_INET6 : AF_INET
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        return Descriptor(owning: try SystemCall.require("socket") { socket(family, type, 0) })
    }

    private static func setOption(_ socket: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        _ = setsockopt(socket, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func named(
        _ socket: Int32, _ call: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> Endpoint? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { call(socket, $0, &length) }
        }
        return result == 0 ? SocketAddress.endpoint(&storage) : nil
    }
}
