internal import CCrypto
internal import Glibc
internal import P2PProtocol

/// The encryption of one connection, used by the stream that has its socket.
///
/// Edges: OpenSSL keeps what it has read and not given, of which epoll knows nothing. So the stream counts as readable
/// until OpenSSL asks for more, and short reads say nothing.
final class TLSSession {
    enum Step: Equatable {
        case done(Int)
        case wantsRead
        case wantsWrite
        case failed(Int32)
    }

    private let ssl: OpaquePointer
    private var isFed = false

    init(_ ssl: OpaquePointer) { self.ssl = ssl }

    deinit { SSL_free(ssl) }

    /// Lets it read what has been read already.
    func feed(_ initial: UnsafeRawBufferPointer) -> Bool {
        isFed = ccrypto_tls_feed(ssl, initial.baseAddress, initial.count) == 1
        return isFed
    }

    func handshake() -> Step { reading { ccrypto_tls_handshake(ssl) } }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Step {
        reading { ccrypto_tls_read(ssl, buffer.baseAddress, buffer.count) }
    }

    /// After `wantsWrite` the same bytes have to be given again, from wherever.
    func write(_ bytes: UnsafeRawBufferPointer) -> Step {
        outcome(ccrypto_tls_write(ssl, bytes.baseAddress, bytes.count))
    }

    func finish() { ccrypto_tls_finish(ssl) }

    /// The fingerprint of the certificate that the other side has shown.
    var presented: Digest? {
        ccrypto_tls_certificate(ssl).flatMap { try? TLSIdentity.fingerprint(of: $0) }
    }

    /// What OpenSSL says of the last failure.
    static var lastReason: String {
        let code = ERR_peek_last_error()
        guard code != 0, let reason = ERR_reason_error_string(code) else { return "the connection was closed" }
        return String(cString: reason)
    }

    /// What was fed comes first; when that is used up, the socket.
    private func reading(_ call: () -> Int32) -> Step {
        let step = outcome(call())
        guard step == .wantsRead, isFed else { return step }
        ccrypto_tls_unfeed(ssl)
        isFed = false
        return outcome(call())
    }

    private func outcome(_ result: Int32) -> Step {
        switch Int(result) {
        case let count where count > 0: .done(count)
        case ccrypto_tls_ended: .done(0)
        case ccrypto_tls_wants_read: .wantsRead
        case ccrypto_tls_wants_write: .wantsWrite
        default: .failed(errno == 0 || errno == EAGAIN ? EPROTO : errno)
        }
    }
}
