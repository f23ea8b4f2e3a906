internal import Glibc
package import P2PProtocol

/// A raw connection of a test: sends any bytes, reads replies or the end. Every wait has a deadline.
package final class WireClient {
    private let descriptor: Int32
    private var isOpen = true
    private var received = Bytes()
    private var start = 0
    private var parser = ReplyParser()
    /// The last reply as it came.
    package private(set) var lastRaw = Bytes()

    /// Connects from `source` when one is given; `receiveBuffer` is the kernel's, for a reader who takes little.
    package init(port: Int, from source: String? = nil, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw TestFailure("socket: \(errno)") }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
        if var receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, 4) }
        if let source, Self.call(source, 0, { bind(descriptor, $0, $1) }) != 0 { throw TestFailure("bind: \(errno)") }
        guard Self.call("127.0.0.1", port, { connect(descriptor, $0, $1) }) == 0 else {
            throw TestFailure("connect to \(port): \(String(cString: strerror(errno)))")
        }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    deinit { close() }

    package func close() {
        guard isOpen else { return }
        isOpen = false
        Glibc.close(descriptor)
    }

    /// Closes with a reset, as a crash does.
    package func abort() {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, UInt32(MemoryLayout<linger>.size))
        close()
    }

    /// Says that nothing more will be sent.
    package func finishWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    // MARK: Sending

    /// Sends until all is sent, the other side has closed or the time is over; returns how much it took.
    @discardableResult
    package func send(_ bytes: Bytes, within seconds: Double = 20) -> Int {
        let deadline = TestClock.now + seconds
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                sent += count
            } else if errno != EAGAIN || !wait(for: POLLOUT, until: deadline) {
                return sent
            }
        }
        return sent
    }

    /// Types a line, as a person with `nc` does.
    package func type(_ line: String) { send(Bytes((line + "\n").utf8)) }

    // MARK: Receiving

    /// The next reply or push.
    package func reply(within seconds: Double = 20) throws -> Reply {
        let deadline = TestClock.now + seconds
        while true {
            switch parser.next(in: received.span.extracting(start...)) {
            case .reply(let reply, let consumed):
                lastRaw = Bytes(received[start..<(start + consumed)])
                start += consumed
                return reply
            case .failed(let error): throw TestFailure("not a reply: \(error)")
            case .needMore: break
            }
            switch receive(until: deadline) {
            case .some: break
            case .end: throw TestFailure("closed before a reply came")
            case .late: throw TestFailure("no reply within \(seconds) s")
            }
        }
    }

    /// Types a line and reads its reply.
    package func ask(_ line: String) throws -> Reply {
        type(line)
        return try reply()
    }

    /// Sends an array of bulk strings, as client libraries do, and reads its reply.
    package func command(_ words: [String]) throws -> Reply {
        send(Self.array(words.map { Bytes($0.utf8) }))
        return try reply()
    }

    /// Takes at most so many bytes of what has come, and forgets them.
    package func take(_ count: Int) {
        var buffer = Bytes(repeating: 0, count: count)
        _ = recv(descriptor, &buffer, buffer.count, 0)
    }

    /// Everything until the other side closes; nil when it has not done so in time.
    package func end(within seconds: Double = 20) -> Bytes? {
        let deadline = TestClock.now + seconds
        while true {
            switch receive(until: deadline) {
            case .some: continue
            case .end:
                defer { start = received.count }
                return Bytes(received[start...])
            case .late: return nil
            }
        }
    }

    /// What has come, once that is so much; nil when it is not in time.
    package func bytes(atLeast count: Int, within seconds: Double = 20) -> Bytes? {
        let deadline = TestClock.now + seconds
        while received.count - start < count {
            guard case .some = receive(until: deadline) else { return nil }
        }
        return Bytes(received[start...])
    }

    /// One command as client libraries send it.
    package static func array(_ words: [Bytes]) -> Bytes {
        var writer = CommandWriter()
        writer.write(words)
        return writer.output.bytes
    }

    // MARK: -

    private enum Arrival {
        case some
        case end
        case late
    }

    private func receive(until deadline: Double) -> Arrival {
        if start > 1 << 20 {
            received.removeFirst(start)
            start = 0
        }
        var buffer = Bytes(repeating: 0, count: 1 << 16)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 {
                received += buffer[..<count]
                return .some
            }
            guard count < 0, errno == EAGAIN else { return .end }
            guard wait(for: POLLIN, until: deadline) else { return .late }
        }
    }

    private func wait(for events: Int32, until deadline: Double) -> Bool {
        var polled = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        let left = max(0, deadline - TestClock.now)
        return poll(&polled, 1, Int32(left * 1_000)) > 0
    }

    private static func call(
        _ host: String, _ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
