internal import Glibc
package import P2PProtocol

/// Sockets with a path instead of an address: for programs of one user on one machine.
extension Socket {
    /// The longest path that the kernel takes for a socket.
    package static let longestPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    /// A listening socket that only its owner can connect to. One that stands there already is taken over: the caller
    /// knows that nobody listens at it.
    package static func listen(at path: Bytes, backlog: Int32 = 64) throws(SystemError) -> Descriptor {
        let socket = try openLocal()
        let number = socket.raw
        let name = try Path.terminated(path)
        var status = stat()
        if lstat(name, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK { unlink(name) }
        try require("bind", path) { bind(number, $0, $1) }
        // Nobody can connect before it listens.
        try SystemCall.require("chmod", on: Path.display(path)) { chmod(name, 0o600) }
        try SystemCall.require("listen", on: Path.display(path)) { Glibc.listen(number, backlog) }
        return socket
    }

    /// A connection; it is there at once or not at all.
    package static func connect(to path: Bytes) throws(SystemError) -> Descriptor {
        let socket = try openLocal()
        let number = socket.raw
        try require("connect", path) { Glibc.connect(number, $0, $1) }
        return socket
    }

    /// Whose program is on the other side of such a connection.
    static func user(of socket: Int32) -> uid_t? {
        // `ucred`, which the C module leaves out: process, user, group.
        var credentials: (Int32, UInt32, UInt32) = (0, 0, 0)
        var length = socklen_t(MemoryLayout.size(ofValue: credentials))
        return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 ? credentials.1 : nil
    }

    private static func openLocal() throws(SystemError) -> Descriptor {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        return Descriptor(owning: try SystemCall.require("socket") { socket(AF_UNIX, type, 0) })
    }

    private static func require(
        _ call: String, _ path: Bytes, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws(SystemError) {
        var raw = sockaddr_un()
        guard path.count <= longestPath, !path.contains(0) else {
            throw SystemError(call, ENAMETOOLONG, on: Path.display(path))
        }
        raw.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &raw.sun_path) { $0.copyBytes(from: path) }
        try SystemCall.require(call, on: Path.display(path)) {
            withUnsafePointer(to: &raw) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
        }
    }
}
