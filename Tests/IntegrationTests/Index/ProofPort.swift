import Glibc
import P2PProtocol
import TestSupport

/// A listening port of a test that plays a peer's port, or a victim's: it answers when the test says so, one connection
/// at a time.
final class ProofPort {
    let port: Int
    private let descriptor: Int32

    init(on host: String = "127.0.0.1") throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, host, &address.sin_addr)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let code = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) | listen(descriptor, 100) | getsockname(descriptor, $0, &size)
            }
        }
        guard code == 0 else { throw TestFailure("listen on \(host): \(errno)") }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }

    /// A port that nobody has just now.
    static func unused() throws -> Int { try ProofPort().port }

    /// Whether somebody has called, and was not answered.
    func isCalled(within seconds: Double = 0) -> Bool {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&polled, 1, Int32(seconds * 1_000)) > 0
    }

    /// Answers the next caller with what `respond` makes of its request, then hangs up. Returns the request.
    @discardableResult
    func answer(within seconds: Double = 10, _ respond: (_ request: String) -> String) throws -> String {
        guard isCalled(within: seconds) else { throw TestFailure("nobody called port \(port)") }
        let caller = accept(descriptor, nil, nil)
        guard caller >= 0 else { throw TestFailure("accept: \(errno)") }
        defer { close(caller) }
        var request = ""
        var buffer = Bytes(repeating: 0, count: 4_096)
        while !request.contains("\r\n\r\n") {
            let count = recv(caller, &buffer, buffer.count, 0)
            // TLS is none of its languages: it hangs up.
            guard count > 0, buffer[0] != Self.handshake else { return Self.encrypted }
            request += String(decoding: buffer[..<count], as: UTF8.self)
        }
        let response = Bytes(respond(request).utf8)
        _ = response.withUnsafeBytes { send(caller, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        return request
    }

    /// What stands for the request of a caller who begins with a TLS handshake.
    static let encrypted = "TLS"
    private static let handshake: UInt8 = 0x16

    /// Answers as the holder of `token` does.
    @discardableResult
    func prove(_ token: Bytes) throws -> String {
        try answer { Self.response(PortProof.answer(token: token, nonce: Self.nonce(in: $0))) }
    }

    static func nonce(in request: String) -> Bytes {
        let target = request.split(separator: " ").dropFirst().first ?? ""
        return Bytes((target.split(separator: "nonce=").last ?? "").utf8)
    }

    static func response(_ body: Bytes, status: String = "200 OK") -> String {
        "HTTP/1.1 \(status)\r\nContent-Length: \(body.count)\r\nContent-Type: text/plain\r\n\r\n"
            + String(decoding: body, as: UTF8.self)
    }
}
