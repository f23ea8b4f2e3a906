/// How long to wait before the next attempt: half a second at first, twice as long each time, half a minute at most.
struct Backoff {
    static let shortest: Duration = .milliseconds(500)
    static let longest: Duration = .seconds(30)

    private var step = Self.shortest

    /// The wait after another failure.
    mutating func next() -> Duration {
        defer { step = min(step * 2, Self.longest) }
        return step
    }

    /// It worked: the next failure is the first again.
    mutating func reset() {
        step = Self.shortest
    }
}
