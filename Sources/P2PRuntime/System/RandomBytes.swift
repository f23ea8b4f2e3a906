internal import CCrypto
internal import Glibc
package import P2PProtocol

/// Bytes that nobody can guess, for tokens and nonces.
package enum RandomBytes {
    package static func make(_ count: Int) throws(SystemError) -> Bytes {
        var bytes = Bytes(repeating: 0, count: count)
        // EAGAIN is what the kernel's own source says when it is not seeded: OpenSSL gives no errno.
        guard RAND_bytes(&bytes, Int32(clamping: count)) == 1 else { throw SystemError("RAND_bytes", EAGAIN) }
        return bytes
    }

    /// 256 bits as 64 hex digits: a registration's token.
    package static func token() throws(SystemError) -> Bytes {
        Hex.encode(try make(32))
    }
}
