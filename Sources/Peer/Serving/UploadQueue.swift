internal import P2PProtocol
package import P2PRuntime

/// Who may be sent files now, and who waits. Favourites go first; of the others who wait, and among favourites, the
/// taker who is sent least, then the one who has asked for longest; who was turned away and comes back soon keeps its place.
package struct UploadQueue: Sendable {
    /// One request that wants a slot.
    package typealias Ticket = Int

    package enum Answer: Equatable, Sendable {
        case begin
        case wait
        /// Too many wait already.
        case refused
    }

    private struct Waiter {
        let ticket: Ticket
        let taker: IPAddress
        let since: Moment
    }

    private struct Place {
        let since: Moment
        let end: Moment
    }

    /// Requests that wait at a time, and takers whose place is kept.
    private static let most = 1_024
    /// A place is kept for so long after its taker was last heard of.
    private static let memory: Duration = .seconds(30)

    /// Those who wait in front of all others.
    package var favourites: Set<IPAddress> = []
    private let slots: Int
    /// What one taker may have at a time, unless it is on this machine.
    private let slotsPerTaker: Int
    private var active: [IPAddress: Int] = [:]
    private var activeInAll = 0
    private var waiters: [Waiter] = []
    private var granted: Set<Ticket> = []
    private var places: [IPAddress: Place] = [:]

    package init(slots: Int) {
        self.slots = slots
        slotsPerTaker = max(1, slots / 2)
    }

    /// How many wait.
    package var length: Int { waiters.count }

    /// Asks for a slot.
    package mutating func ask(_ ticket: Ticket, for taker: IPAddress, now: Moment) -> Answer {
        let since = keepPlace(of: taker, now)
        if mayBegin(taker), !waiters.contains(where: { mayBegin($0.taker) }) {
            begin(taker)
            return .begin
        }
        guard waiters.count < Self.most else { return .refused }
        waiters.append(Waiter(ticket: ticket, taker: taker, since: since))
        return .wait
    }

    /// Whether a ticket that waited has a slot now; said once.
    package mutating func claim(_ ticket: Ticket) -> Bool { granted.remove(ticket) != nil }

    /// The place of a ticket that waits, from 1 on.
    package func position(of ticket: Ticket) -> Int? {
        guard let own = waiters.first(where: { $0.ticket == ticket }) else { return nil }
        return 1 + waiters.count { $0.ticket != ticket && isBefore($0, own) }
    }

    /// A ticket does not wait any longer.
    package mutating func leave(_ ticket: Ticket) { waiters.removeAll { $0.ticket == ticket } }

    /// A slot is free again; says who has got it.
    package mutating func finish(_ taker: IPAddress) -> [Ticket] {
        let rest = (active[taker] ?? 1) - 1
        active[taker] = rest > 0 ? rest : nil
        activeInAll -= 1
        var next: [Ticket] = []
        while let index = indexOfNext {
            let waiter = waiters.remove(at: index)
            begin(waiter.taker)
            granted.insert(waiter.ticket)
            next.append(waiter.ticket)
        }
        return next
    }

    private var indexOfNext: Int? {
        waiters.indices.filter { mayBegin(waiters[$0].taker) }.min { isBefore(waiters[$0], waiters[$1]) }
    }

    private func isBefore(_ one: Waiter, _ other: Waiter) -> Bool {
        (rank(of: one.taker), active[one.taker] ?? 0, one.since, one.ticket)
            < (rank(of: other.taker), active[other.taker] ?? 0, other.since, other.ticket)
    }

    private func rank(of taker: IPAddress) -> Int { favourites.contains(taker) ? 0 : 1 }

    private func mayBegin(_ taker: IPAddress) -> Bool {
        activeInAll < slots && (taker.isLoopback || active[taker] ?? 0 < slotsPerTaker)
    }

    private mutating func begin(_ taker: IPAddress) {
        active[taker, default: 0] += 1
        activeInAll += 1
        places[taker] = nil
    }

    private mutating func keepPlace(of taker: IPAddress, _ now: Moment) -> Moment {
        let since = places[taker].flatMap { $0.end > now ? $0.since : nil } ?? now
        if places.count >= Self.most { places = places.filter { $0.value.end > now } }
        if places.count < Self.most { places[taker] = Place(since: since, end: now + Self.memory) }
        return since
    }
}
