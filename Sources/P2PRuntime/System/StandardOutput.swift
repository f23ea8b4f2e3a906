internal import Glibc
package import P2PProtocol

/// Standard output, unbuffered: a line that is written is there, also for a pipe.
package enum StandardOutput {
    package static func write(_ text: String) { write(Bytes(text.utf8)) }

    package static func write(_ bytes: Bytes) {
        StatusLine.around(STDOUT_FILENO) { StandardStream.write(bytes, to: STDOUT_FILENO) }
    }

    package static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
}

/// Standard error, for what a person should see and a script should not read.
package enum StandardError {
    package static func write(_ text: String) { write(Bytes(text.utf8)) }

    package static func write(_ bytes: Bytes) {
        StatusLine.around(STDERR_FILENO) { StandardStream.write(bytes, to: STDERR_FILENO) }
    }

    package static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}

enum StandardStream {
    /// Writes all of it, or as much as anybody still wants to read.
    static func write(_ bytes: Bytes, to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let result = rest.withUnsafeBytes { part in
                SystemCall.attempt { Glibc.write(descriptor, part.baseAddress, part.count) }
            }
            switch result {
            case .done(let count): rest = rest.dropFirst(count)
            case .wouldBlock:
                // Somebody else made the terminal non-blocking; wait for it.
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&waiting, 1, 1_000)
            case .failed: return
            }
        }
    }
}
