internal import Glibc
internal import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// A progress line that is drawn over itself on a terminal's standard error, a few times a second; silent elsewhere.
final class ProgressDisplay: Sendable {
    private static let interval: Duration = .milliseconds(100)

    private struct State {
        var drawn: Moment?
        /// What was done already when it began to count.
        var first: (moment: Moment, done: Int)?
    }

    private let label: Bytes
    private let isTerminal = StandardError.isTerminal
    private let state = Mutex(State())

    init(_ label: Bytes) {
        self.label = label
    }

    func show(done: Int, of total: Int) {
        guard isTerminal else { return }
        let now = Moment.now
        let rate = state.withLock { state -> Int?? in
            let first = state.first ?? (now, done)
            state.first = first
            if let drawn = state.drawn, now.since(drawn) < Self.interval { return nil }
            state.drawn = now
            let seconds = now.since(first.moment).inSeconds
            return .some(seconds > 0.2 ? Int(Double(max(0, done - first.done)) / seconds) : nil)
        }
        guard let rate else { return }
        let left = rate.flatMap { $0 > 0 ? Duration.seconds(max(0, total - done) / $0) : nil }
        let line = ProgressLine(label: label, done: done, total: total, bytesPerSecond: rate, remaining: left)
        StandardError.write("\r\u{1B}[K" + line.text(width: (Terminal.width(STDERR_FILENO) ?? 80) - 1))
    }

    /// Takes the line away again.
    func finish() {
        let wasDrawn = state.withLock { $0.drawn != nil }
        if wasDrawn { StandardError.write("\r\u{1B}[K") }
    }
}
