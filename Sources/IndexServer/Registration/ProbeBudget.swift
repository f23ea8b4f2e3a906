package import P2PRuntime

/// When a port may be asked to prove itself, so that nobody makes the index scan or flood somebody else: so many proofs
/// a minute of one port, and of all ports of one host. Whoever has used them up waits.
package struct ProbeBudget: Sendable {
    private static let window: Duration = .seconds(60)
    /// Who would wait longer than this is refused.
    private static let longestWait: Duration = .seconds(600)

    private let perPort: Int
    private let perHost: Int
    private var byPort: [Endpoint: [Moment]] = [:]
    private var byHost: [IPAddress: [Moment]] = [:]

    package init(perPort: Int, perHost: Int) {
        self.perPort = max(1, perPort)
        self.perHost = max(1, perHost)
    }

    /// Takes the next free place; nil when there is none in reasonable time.
    package mutating func reserve(_ endpoint: Endpoint, now: Moment) -> Moment? {
        forget(before: now)
        let start = max(
            Self.next(byPort[endpoint] ?? [], perPort, now), Self.next(byHost[endpoint.address] ?? [], perHost, now))
        guard start.since(now) <= Self.longestWait else { return nil }
        byPort[endpoint, default: []].append(start)
        byHost[endpoint.address, default: []].append(start)
        return start
    }

    /// The earliest moment at which fewer than `limit` of the ascending `taken` lie in the window before it.
    private static func next(_ taken: [Moment], _ limit: Int, _ now: Moment) -> Moment {
        guard taken.count >= limit else { return now }
        return max(now, taken[taken.count - limit] + window)
    }

    private mutating func forget(before now: Moment) {
        for (key, taken) in byPort where taken.allSatisfy({ $0 + Self.window <= now }) { byPort[key] = nil }
        for (key, taken) in byHost where taken.allSatisfy({ $0 + Self.window <= now }) { byHost[key] = nil }
    }
}
