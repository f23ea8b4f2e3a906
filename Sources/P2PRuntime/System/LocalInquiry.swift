internal import CLinux
internal import Glibc
package import P2PProtocol

/// A few questions in RESP to a program of the same user on this machine, and their answers. Blocks.
package enum LocalInquiry {
    private static let patienceMilliseconds: Int32 = 60_000

    /// Sends all commands and reads as many replies; nil when nobody listens there.
    package static func ask(_ commands: [[Bytes]], at path: Bytes) throws(SystemError) -> [Reply]? {
        guard let socket = try? Socket.connect(to: path) else { return nil }
        var writer = CommandWriter()
        for command in commands { writer.write(command) }
        try send(writer.output.bytes, over: socket)
        var (parser, received, replies) = (ReplyParser(), Bytes(), [Reply]())
        while replies.count < commands.count {
            switch parser.next(in: received.span) {
            case .reply(let reply, let consumed):
                received.removeFirst(consumed)
                replies.append(reply)
            case .failed: throw SystemError("recv", EPROTO, on: Path.display(path))
            case .needMore: received += try receive(from: socket)
            }
        }
        return replies
    }

    private static func send(_ bytes: Bytes, over socket: borrowing Descriptor) throws(SystemError) {
        var rest = bytes[...]
        let number = socket.raw
        while !rest.isEmpty {
            let result = rest.withUnsafeBytes { part in
                SystemCall.attempt { Glibc.send(number, part.baseAddress, part.count, Int32(MSG_NOSIGNAL)) }
            }
            switch result {
            case .done(let count): rest = rest.dropFirst(count)
            case .wouldBlock: try wait(for: POLLOUT, of: number)
            case .failed(let code): throw SystemError("send", code)
            }
        }
    }

    private static func receive(from socket: borrowing Descriptor) throws(SystemError) -> Bytes {
        var buffer = Bytes(repeating: 0, count: 4_096)
        let number = socket.raw
        while true {
            switch SystemCall.attempt({ recv(number, &buffer, buffer.count, 0) }) {
            case .done(0): throw SystemError("recv", ECONNRESET)
            case .done(let count): return Bytes(buffer[..<count])
            case .wouldBlock: try wait(for: POLLIN, of: number)
            case .failed(let code): throw SystemError("recv", code)
            }
        }
    }

    private static func wait(for events: Int32, of number: Int32) throws(SystemError) {
        var waiting = pollfd(fd: number, events: Int16(events), revents: 0)
        guard poll(&waiting, 1, patienceMilliseconds) > 0 else { throw SystemError("poll", ETIMEDOUT) }
    }
}
