internal import Glibc
package import P2PProtocol

/// A password out of a file, which may be a pipe.
package enum SecretFile {
    /// More than any secret has.
    private static let longest = 4_096

    /// Its bytes up to its end, without the newline there.
    package static func read(_ path: Bytes) throws(SystemError) -> Bytes {
        let file = try Descriptor.open(path, O_RDONLY)
        let shown = Path.display(path)
        var secret = Bytes()
        var buffer = Bytes(repeating: 0, count: longest)
        while true {
            switch SystemCall.attempt({ Glibc.read(file.raw, &buffer, buffer.count) }) {
            case .done(0): return withoutNewline(secret)
            case .done(let count): secret += buffer[..<count]
            case .wouldBlock:
                // A pipe whose other side has not written yet.
                var waiting = pollfd(fd: file.raw, events: Int16(POLLIN), revents: 0)
                poll(&waiting, 1, -1)
            case .failed(let code): throw SystemError("read", code, on: shown)
            }
            guard secret.count <= longest else { throw SystemError("read", EFBIG, on: shown) }
        }
    }

    private static func withoutNewline(_ secret: Bytes) -> Bytes {
        guard secret.last == UInt8(ascii: "\n") else { return secret }
        return Bytes(secret.dropLast(secret.dropLast().last == UInt8(ascii: "\r") ? 2 : 1))
    }
}
