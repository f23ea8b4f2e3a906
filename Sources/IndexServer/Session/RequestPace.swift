package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// So many requests a second for each address, and for each account: whoever asks faster is read later, and loses
/// nothing.
package final class RequestPace: Sendable {
    private enum Party: Hashable {
        case address(IPAddress)
        case account(AccountName)
    }

    /// What was not used may be made up for at once.
    private static let burst = 1.0
    /// Parties that have not asked for as long as this are forgotten when there are many.
    private static let many = 4_096

    private let perSecond: Double
    private let parties = Mutex<[Party: (left: Double, at: Moment)]>([:])

    /// nil where nothing is bounded.
    package init?(perSecond: Int) {
        guard perSecond > 0 else { return nil }
        self.perSecond = Double(perSecond)
    }

    /// Counts requests that were answered; when the next may be, if not now.
    package func charge(_ count: Int, from address: IPAddress, _ account: AccountName?, now: Moment) -> Moment? {
        parties.withLock { parties in
            if parties.count >= Self.many { parties = parties.filter { isUsed($0.value, at: now) } }
            let starts = [.address(address), account.map { Party.account($0) }].compactMap { party -> Moment? in
                guard let party else { return nil }
                var entry = parties[party] ?? (perSecond * Self.burst, now)
                entry = (refilled(entry, at: now) - Double(count), now)
                parties[party] = entry
                return entry.left < 0 ? now + .nanoseconds(Int64(-entry.left / perSecond * 1e9)) : nil
            }
            return starts.max()
        }
    }

    private func refilled(_ entry: (left: Double, at: Moment), at now: Moment) -> Double {
        min(perSecond * Self.burst, entry.left + now.since(entry.at).inSeconds * perSecond)
    }

    private func isUsed(_ entry: (left: Double, at: Moment), at now: Moment) -> Bool {
        refilled(entry, at: now) < perSecond * Self.burst
    }
}
