package import P2PProtocol
package import P2PRuntime

/// When somebody who guesses passwords may guess again.
///
/// An address that has failed waits before each further try, longer with each failure of its own or of the account that
/// it tries: who moves on to a next account, and those who try one account from many addresses, are slowed alike. An
/// address that has not failed does not wait, so that nobody can lock an account's owner out from elsewhere.
package struct LoginDelays {
    /// Who tries. Addresses of a machine that counts nobody are told apart by what they try.
    private enum Source: Hashable {
        case address(Bytes)
        case local(Bytes)
    }

    private struct Record {
        var failures = 0
        /// The next try is compared then.
        var next: Moment
        var last: Moment
    }

    /// The longest delay of one try, and how far ahead tries may be put off before they are refused.
    package static let longest: Duration = .seconds(30)
    /// Failures are forgotten after so long without another one.
    package static let memory: Duration = .seconds(600)
    /// Addresses and accounts that are remembered, each.
    package static let capacity = 10_000

    private let unit: Duration
    private let countsLoopback: Bool
    private var sources: [Source: Record] = [:]
    private var accounts: [Bytes: Record] = [:]

    /// `unit` is the delay after the first failure; none is none ever.
    package init(unit: Duration, countsLoopback: Bool) {
        (self.unit, self.countsLoopback) = (unit, countsLoopback)
    }

    /// When a try may be compared; nil when too many of its kind wait already.
    package mutating func reserve(_ user: Bytes, from address: IPAddress, now: Moment) -> Moment? {
        let source = source(address, user)
        guard unit > .zero, let record = sources[source], now < record.last + Self.memory else { return now }
        let failures = max(record.failures, accounts[Self.key(user)]?.failures ?? 0)
        let start = max(now, record.next)
        guard start <= now + Self.longest else { return nil }
        let next = start + delay(after: failures)
        sources[source]?.next = next
        return start
    }

    /// A try was wrong.
    package mutating func noteFailure(_ user: Bytes, from address: IPAddress, now: Moment) {
        guard unit > .zero else { return }
        let failures = Self.count(Self.key(user), in: &accounts, now: now)
        let source = source(address, user)
        let own = Self.count(source, in: &sources, now: now)
        let next = max(sources[source]?.next ?? now, now + delay(after: max(own, failures)))
        sources[source]?.next = next
    }

    /// How many it keeps in mind.
    package var count: Int { max(sources.count, accounts.count) }

    private func delay(after failures: Int) -> Duration {
        min(unit * (1 << min(max(failures - 1, 0), 16)), Self.longest)
    }

    private func source(_ address: IPAddress, _ user: Bytes) -> Source {
        guard countsLoopback || !address.isLoopback else { return .local(Self.key(user)) }
        // Whoever has an IPv6 address has all that begin with the same 64 bits.
        return .address(address.isIPv6 ? Bytes(address.bytes.prefix(8)) : address.bytes)
    }

    /// No stranger decides how long what is kept is.
    private static func key(_ user: Bytes) -> Bytes { Bytes(user.prefix(64)) }

    private static func count<Key>(_ key: Key, in records: inout [Key: Record], now: Moment) -> Int {
        if records.count >= capacity, records[key] == nil { makeRoom(in: &records, now: now) }
        var record = records[key] ?? Record(next: now, last: now)
        if now >= record.last + memory { record.failures = 0 }
        record.failures += 1
        record.last = now
        records[key] = record
        return record.failures
    }

    private static func makeRoom<Key>(in records: inout [Key: Record], now: Moment) {
        records = records.filter { now < $0.value.last + memory }
        guard records.count >= capacity else { return }
        // Half of them at once: to look for the oldest one each time would take longer than what it saves.
        let times = records.values.map(\.last).sorted()
        let middle = times[times.count / 2]
        records = records.filter { $0.value.last > middle }
    }
}
