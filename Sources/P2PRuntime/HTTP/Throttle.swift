/// A stream of bytes that is not to be faster than so many a second. Every portion reserves the time that it takes, so
/// that those who share a throttle get their turns in the order in which they ask.
package struct Throttle: Sendable {
    /// What was not used for a moment may be made up for.
    private static let slack: Duration = .milliseconds(50)

    private let bytesPerSecond: Int
    /// When everything that was reserved has gone.
    private var end = Moment(nanoseconds: 0)

    package init(bytesPerSecond: Int) { self.bytesPerSecond = max(1, bytesPerSecond) }

    /// As much at a time as takes a fiftieth of a second.
    package var portion: Int { min(max(bytesPerSecond / 50, 1 << 10), 256 << 10) }

    /// When the next `count` bytes may go.
    package mutating func reserve(_ count: Int, now: Moment) -> Moment {
        let start = max(end, now + (.zero - Self.slack))
        end = start + .nanoseconds(Int64(Double(count) * 1e9 / Double(bytesPerSecond)))
        return start
    }

    /// When more may come, with `count` bytes that have come already.
    package mutating func spend(_ count: Int, now: Moment) -> Moment {
        _ = reserve(count, now: now)
        return end
    }
}

/// How many bytes of a body may go next, and from when on.
package struct Allowance: Sendable {
    package let count: Int
    package let start: Moment

    package init(count: Int, start: Moment) {
        self.count = count
        self.start = start
    }
}
