package import P2PRuntime

/// When all folders are read again: on request, and regularly while not all can be watched. Never so often that it is
/// done a tenth of the time.
package struct ScanRhythm: Sendable {
    /// Whether there are folders of which no events come.
    package var isPartlyBlind = false

    private let interval: Duration
    private var isAsked = false
    private var began: Moment
    private var earliest: Moment
    private var regular: Moment

    /// The first reading, at that time, was somebody else's.
    package init(beginning now: Moment, every interval: Duration) {
        self.interval = interval
        began = now
        earliest = now
        regular = now + interval
    }

    /// The next time at which something is to be done; nil when only a request can change that.
    package var nextDue: Moment? {
        if isAsked { return earliest }
        return isPartlyBlind ? max(earliest, regular) : nil
    }

    /// Something happened that nobody knows.
    package mutating func ask() { isAsked = true }

    /// Whether that time has come.
    package func isDue(at now: Moment) -> Bool {
        nextDue.map { $0 <= now } ?? false
    }

    /// The folders begin to be read.
    package mutating func begin(at now: Moment) {
        isAsked = false
        began = now
    }

    /// They have been read.
    package mutating func end(at now: Moment) {
        earliest = now + now.since(began) * 9
        regular = now + interval
    }
}
