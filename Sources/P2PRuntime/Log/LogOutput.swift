internal import Glibc
internal import P2PProtocol

/// An open log as the writing thread sees it.
struct LogOutput {
    let descriptor: Int32
    /// A full disk cut the last line short: what comes next begins on a line of its own.
    private var isMidLine = false

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// Writes lines; returns how many did not get out whole. A full disk is no reason to try for ever.
    mutating func write(_ lines: Bytes) -> Int {
        let text = (isMidLine ? [Self.lineFeed] : []) + lines
        let sent = StatusLine.around(descriptor) { send(text) }
        if sent > 0 { isMidLine = text[sent - 1] != Self.lineFeed }
        return text[sent...].count { $0 == Self.lineFeed }
    }

    /// Says how many lines are missing; returns the number again when even that does not get out.
    mutating func report(dropped: Int) -> Int {
        guard dropped > 0 else { return 0 }
        return write(LogLine.render(.now, .warning, "log.dropped", ["lines": dropped])) == 0 ? 0 : dropped
    }

    private func send(_ text: Bytes) -> Int {
        var sent = 0
        while sent < text.count {
            let result = SystemCall.attempt {
                text.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress.map { $0 + sent }, $0.count - sent) }
            }
            switch result {
            case .done(let count): sent += count
            case .wouldBlock: waitUntilWritable()
            case .failed: return sent
            }
        }
        return sent
    }

    /// Standard error may have been made non-blocking by whoever shares the terminal.
    private func waitUntilWritable() {
        var question = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&question, 1, -1)
    }

    private static let lineFeed = UInt8(ascii: "\n")
}
