internal import Glibc
package import P2PProtocol

extension Terminal {
    /// Whether a person sits at standard input and sees what standard error says.
    package static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    /// Asks for a line that is not shown as it is typed; nil when it is refused, or there is no terminal.
    package static func askSecret(_ prompt: String) -> Bytes? {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
        var mode = before
        // Without ISIG: a Ctrl-C that ended the program here would leave a terminal that shows nothing.
        mode.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &mode) == 0 else { return nil }
        defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) }
        StandardError.write(prompt)
        defer { StandardError.write("\n") }
        var line = SecretLine()
        var byte: UInt8 = 0
        while true {
            switch SystemCall.attempt({ read(STDIN_FILENO, &byte, 1) }) {
            case .done(0), .failed: return nil
            case .wouldBlock:
                var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
                poll(&waiting, 1, -1)
            case .done:
                switch line.take(byte) {
                case .more: continue
                case .done(let secret): return secret
                case .cancelled: return nil
                }
            }
        }
    }
}
