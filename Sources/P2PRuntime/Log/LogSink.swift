internal import Glibc
package import P2PProtocol
internal import Synchronization

/// One place where lines go: a bounded buffer, and a thread of its own that empties it. A reader that stalls or a
/// disk that is full costs lines, which are counted and reported, and never anybody's time.
package final class LogSink: Sendable {
    private enum Target: Sendable {
        case descriptor(Int32)
        case file(path: Bytes)
    }

    private struct State {
        var pending = Bytes()
        var dropped = 0
        var wantsReopen = false
        var isClosed = false
        /// The thread has taken lines that are not yet out.
        var isWriting = false
    }

    private let target: Target
    private let capacity: Int
    private let state = Mutex(State())
    private let arrived = ThreadSignal()
    private let drained = ThreadSignal()

    /// Lines for a descriptor that somebody else owns, such as standard error.
    package init(descriptor: Int32, capacity: Int = 1 << 20) {
        target = .descriptor(descriptor)
        self.capacity = capacity
        start(name: "log", with: descriptor)
    }

    /// Lines for a file, which is made with its folders when missing and appended to otherwise.
    package init(path: Bytes, capacity: Int = 1 << 20) throws(SystemError) {
        target = .file(path: path)
        self.capacity = capacity
        start(name: "log-file", with: try Self.open(path))
    }

    /// Takes a line, or drops it when the buffer is full. Never waits for the disk.
    package func append(_ line: Bytes) {
        let isFirst = state.withLock { state in
            guard state.pending.count + line.count <= capacity else {
                state.dropped += 1
                return false
            }
            state.pending += line
            return state.pending.count == line.count
        }
        if isFirst { arrived.notify() }
    }

    /// Opens the file anew, so that a rotated one is let go. The writing thread does it.
    package func reopen() {
        state.withLock { $0.wantsReopen = true }
        arrived.notify()
    }

    /// Waits until what was logged so far is written, or the time is up; true when it is written.
    @discardableResult
    package func flush(within limit: Duration = .seconds(1)) -> Bool {
        let deadline = Moment.now + limit
        while true {
            let seen = drained.ticket
            let isDone = state.withLock { $0.pending.isEmpty && !$0.isWriting && !$0.wantsReopen }
            if isDone { return true }
            let remaining = deadline.since(.now)
            guard remaining > .zero else { return false }
            drained.wait(beyond: seen, atMost: remaining)
        }
    }

    /// Writes what is left, and ends the thread.
    package func close() {
        state.withLock { $0.isClosed = true }
        arrived.notify()
    }
}

// MARK: - The writing thread

extension LogSink {
    private enum Work {
        case write(Bytes, dropped: Int)
        case reopen
        case end
    }

    private func start(name: String, with descriptor: Int32) {
        Thread.start(name: name) { [self] in serve(descriptor) }
    }

    private func serve(_ first: Int32) {
        var output = Output(descriptor: first)
        while true {
            switch next() {
            case .write(let lines, let dropped):
                finish(lost: output.write(lines) + output.report(dropped: dropped))
            case .reopen:
                reopen(&output)
                finish(lost: 0)
            case .end:
                if case .file = target { _ = Glibc.close(output.descriptor) }
                return
            }
        }
    }

    private func reopen(_ output: inout Output) {
        guard case .file(let path) = target else { return }
        do throws(SystemError) {
            let fresh = try Self.open(path)
            _ = Glibc.close(output.descriptor)
            output = Output(descriptor: fresh)
        } catch {
            _ = output.write(LogLine.render(.now, .error, "log.reopen_failed", ["reason": error]))
        }
    }

    private func next() -> Work {
        while true {
            let seen = arrived.ticket
            let work = state.withLock { state -> Work? in
                if state.wantsReopen {
                    state.wantsReopen = false
                    state.isWriting = true
                    return .reopen
                }
                guard !state.pending.isEmpty else { return state.isClosed ? .end : nil }
                defer {
                    state.pending = []
                    state.dropped = 0
                    state.isWriting = true
                }
                return .write(state.pending, dropped: state.dropped)
            }
            if let work { return work }
            arrived.wait(beyond: seen)
        }
    }

    private func finish(lost lines: Int) {
        state.withLock { state in
            state.isWriting = false
            state.dropped += lines
        }
        drained.notifyAll()
    }

    private static func open(_ path: Bytes) throws(SystemError) -> Int32 {
        makeFolders(above: path)
        return try Descriptor.open(path, O_WRONLY | O_CREAT | O_APPEND, mode: 0o640).release()
    }

    /// What cannot be made here shows itself when the file is opened, with the file's name.
    private static func makeFolders(above path: Bytes) {
        for index in path.indices.dropFirst() where path[index] == UInt8(ascii: "/") {
            mkdir(path[..<index].map { CChar(bitPattern: $0) } + [0], 0o750)
        }
    }
}

/// An open log as the writing thread sees it.
private struct Output {
    let descriptor: Int32
    /// A full disk cut the last line short: what comes next begins on a line of its own.
    private var isMidLine = false

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// Writes lines; returns how many did not get out whole. A full disk is no reason to try for ever.
    mutating func write(_ lines: Bytes) -> Int {
        let text = (isMidLine ? [Self.lineFeed] : []) + lines
        let sent = send(text)
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
