package import P2PRuntime

/// How many new ids each address has taken lately, so that nobody fills the registry in a loop.
package struct IDBudget: Sendable {
    private static let window: Duration = .seconds(60)

    private let perMinute: Int
    private var taken: [IPAddress: Int] = [:]
    private var windowStart = Moment(nanoseconds: 0)

    package init(perMinute: Int) { self.perMinute = perMinute }

    /// Takes one; false when the address has had as many as it may in this minute.
    package mutating func take(_ address: IPAddress, now: Moment) -> Bool {
        if now.since(windowStart) >= Self.window { (windowStart, taken) = (now, [:]) }
        guard taken[address, default: 0] < perMinute else { return false }
        taken[address, default: 0] += 1
        return true
    }
}
