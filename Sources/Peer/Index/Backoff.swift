/// How long to wait before the next attempt: half a second at first, twice as long each time, half a minute at most.
package struct Backoff {
    package static let shortest: Duration = .milliseconds(500)
    package static let longest: Duration = .seconds(30)

    private var step = Self.shortest

    package init() {}

    /// The wait after another failure: up to a third less than the step, so that the peers of an index that comes back
    /// do not all come at once.
    package mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        defer { step = min(step * 2, Self.longest) }
        return step * Double.random(in: (2 / 3)...1, using: &generator)
    }

    /// It worked: the next failure is the first again.
    package mutating func reset() {
        step = Self.shortest
    }
}
