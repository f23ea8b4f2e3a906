internal import Glibc
internal import P2PRuntime

/// How fast a source gives, smoothed over about a second. Only the time in which something was asked of it counts.
struct Speed: Sendable {
    private static let window: Duration = .milliseconds(250)
    /// What is left of an old rate after a second of new ones.
    private static let memory = 0.13

    /// Zero until something has come.
    private(set) var bytesPerSecond = 0.0
    private var start = Moment(nanoseconds: 0)
    private var bytes = 0

    /// Something is asked for.
    mutating func begin(at now: Moment) {
        (start, bytes) = (now, 0)
    }

    mutating func add(_ count: Int, at now: Moment) {
        bytes += count
        if now.since(start) >= Self.window { fold(at: now) }
    }

    /// Nothing more is asked for.
    mutating func end(at now: Moment) {
        if bytes > 0 { fold(at: now) }
    }

    private mutating func fold(at now: Moment) {
        let seconds = max(now.since(start).inSeconds, 1e-4)
        let sample = Double(bytes) / seconds
        // At least a tenth: a fast source's answers are over before a window is.
        let weight = bytesPerSecond == 0 ? 1 : max(0.1, 1 - pow(Self.memory, seconds))
        bytesPerSecond += weight * (sample - bytesPerSecond)
        begin(at: now)
    }
}
