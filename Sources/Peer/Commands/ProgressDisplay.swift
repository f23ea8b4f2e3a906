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
        var hasComplained = false
    }

    private let label: Bytes
    private let isTerminal = StandardError.isTerminal
    private let state = Mutex(State())

    init(_ label: Bytes) {
        self.label = label
    }

    func show(done: Int, of total: Int) { show(label, done: done, of: total) }

    private func show(_ label: Bytes, done: Int, of total: Int, _ suffix: String = "") {
        guard isTerminal else { return }
        let now = Moment.now
        let first = state.withLock { state in
            let first = state.first ?? (now, done)
            state.first = first
            return first
        }
        guard isDue(now) else { return }
        let seconds = now.since(first.moment).inSeconds
        let rate = seconds > 0.2 ? Int(Double(max(0, done - first.done)) / seconds) : nil
        let left = rate.flatMap { $0 > 0 ? Duration.seconds(max(0, total - done) / $0) : nil }
        draw(ProgressLine(label: label, done: done, total: total, bytesPerSecond: rate, remaining: left), suffix)
    }

    /// The same for a download, whose sources tell the rate. A full disk is told where there is no terminal, too.
    func show(_ progress: DownloadProgress) {
        show(Transfer.Progress(progress), of: progress.total)
    }

    func show(_ progress: Transfer.Progress, of total: Int) {
        if progress.isDiskFull, isNews { complain("the disk is full: the download waits for room") }
        guard isTerminal, isDue(.now) else { return }
        let rate = progress.bytesPerSecond
        let count = progress.sources
        let suffix = progress.isDiskFull ? "  disk full" : count == 1 ? "  1 source" : "  \(count) sources"
        let line = ProgressLine(
            label: label, done: progress.done, total: total, bytesPerSecond: rate,
            remaining: rate > 0 ? .seconds(max(0, total - progress.done) / rate) : nil)
        draw(line, suffix)
    }

    /// The same for many files at once, under their number.
    func show(_ progress: BatchProgress) {
        if progress.isDiskFull, isNews { complain("the disk is full: the download waits for room") }
        guard isTerminal else { return }
        let label = Bytes("\(progress.doneFiles) of \(progress.totalFiles) files".utf8)
        show(label, done: progress.doneBytes, of: progress.totalBytes, progress.isDiskFull ? "  disk full" : "")
    }

    /// Takes the line away again.
    func finish() {
        let wasDrawn = state.withLock { $0.drawn != nil }
        if wasDrawn { StatusLine.clear() }
    }

    private func isDue(_ now: Moment) -> Bool {
        state.withLock { state in
            if let drawn = state.drawn, now.since(drawn) < Self.interval { return false }
            state.drawn = now
            return true
        }
    }

    /// Whether it is the first time that something is complained of.
    private var isNews: Bool {
        state.withLock { state in
            defer { state.hasComplained = true }
            return !state.hasComplained
        }
    }

    private func draw(_ line: ProgressLine, _ suffix: String = "") {
        let width = (Terminal.width(STDERR_FILENO) ?? 80) - 1 - suffix.utf8.count
        StatusLine.show(line.text(width: width) + suffix)
    }
}
