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
        var output = LogOutput(descriptor: first)
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

    private func reopen(_ output: inout LogOutput) {
        guard case .file(let path) = target else { return }
        do throws(SystemError) {
            let fresh = try Self.open(path)
            _ = Glibc.close(output.descriptor)
            output = LogOutput(descriptor: fresh)
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
