internal import Glibc
internal import P2PProtocol
internal import Synchronization

/// The line at the bottom of the terminal that is drawn over and over. Whatever else is written there takes it away
/// first and puts it back behind, so that neither lands in the middle of the other.
package enum StatusLine {
    private static let line = Mutex(Bytes())

    /// Draws it on standard error, in the place of the last one; a terminal is asked for by the caller.
    package static func show(_ text: String) {
        line.withLock { line in
            line = Bytes(text.utf8)
            StandardStream.write(erase + line, to: STDERR_FILENO)
        }
    }

    /// Takes it away.
    package static func clear() {
        line.withLock { line in
            guard !line.isEmpty else { return }
            line = []
            StandardStream.write(erase, to: STDERR_FILENO)
        }
    }

    /// Writes beside it what ends with a line's end, or is short.
    static func around<Result>(_ descriptor: Int32, _ write: () -> Result) -> Result {
        // Files and pipes never meet it, and mostly there is none.
        guard line.withLock({ !$0.isEmpty }), isatty(descriptor) == 1 else { return write() }
        return line.withLock { line in
            guard !line.isEmpty else { return write() }
            StandardStream.write(erase, to: STDERR_FILENO)
            defer { StandardStream.write(line, to: STDERR_FILENO) }
            return write()
        }
    }

    private static let erase = Bytes(ascii: "\r\u{1B}[K")
}
