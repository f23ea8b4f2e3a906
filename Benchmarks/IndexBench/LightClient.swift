import Glibc
import P2PProtocol
import TestSupport

/// A connection that costs its own side next to nothing: it sends ready lines and looks only at the end of what comes.
/// A PING behind every command marks the end of its answer.
final class LightClient {
    let descriptor: Int32
    private var buffer = Bytes(repeating: 0, count: 1 << 18)
    /// The last bytes that came.
    private var tail: UInt64 = 0

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw TestFailure("cannot connect to port \(port)") }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
    }

    deinit { close(descriptor) }

    /// A command as it is sent, with what marks its end.
    static func request(_ line: Bytes) -> Bytes { line + Bytes(ascii: "\r\nPING\r\n") }

    func send(_ request: Bytes) throws {
        tail = 0
        guard Glibc.send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            throw TestFailure("the server took no more")
        }
    }

    /// Takes what has come, or waits for it; true when the answer is complete.
    func receive() throws -> Bool {
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { throw TestFailure("the server closed the connection") }
        for byte in buffer[max(0, count - 8)..<count] { tail = tail << 8 | UInt64(byte) }
        return tail & 0x00FF_FFFF_FFFF_FFFF == Self.pong
    }

    /// `+PONG` and the end of its line.
    private static let pong: UInt64 = 0x2B50_4F4E_470D_0A
}
