internal import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// The slots of all uploads. A request waits for one for a while, at the point of its own connection: whoever hangs up
/// stops waiting.
package final class UploadSlots: Sendable {
    /// A slot; given back with the last reference to it.
    final class Slot: Sendable {
        private let slots: UploadSlots
        private let taker: IPAddress

        fileprivate init(_ slots: UploadSlots, _ taker: IPAddress) {
            self.slots = slots
            self.taker = taker
        }

        deinit { slots.finish(taker) }
    }

    enum Outcome {
        case slot(Slot)
        /// The number in the queue.
        case full(Int)
    }

    private struct State {
        var queue: UploadQueue
        var tickets = 0
        var points: [UploadQueue.Ticket: WaitPoint] = [:]

        mutating func take(_ tickets: [UploadQueue.Ticket]) -> [WaitPoint] {
            tickets.compactMap { points.removeValue(forKey: $0) }
        }
    }

    private static let patience: Duration = .seconds(10)

    private let state: Mutex<State>

    package init(_ slots: Int) { state = Mutex(State(queue: UploadQueue(slots: slots))) }

    /// How many requests wait.
    package var waiting: Int { state.withLock { $0.queue.length } }

    /// From now on these go before all others who wait.
    func prefer(_ favourites: Set<IPAddress>) { state.withLock { $0.queue.favourites = favourites } }

    /// Waits for a slot.
    func slot(for request: HTTPRequest) async -> Outcome {
        let taker = request.remote.address
        let (ticket, answer) = state.withLock { state in
            state.tickets += 1
            let answer = state.queue.ask(state.tickets, for: taker, now: .now)
            if answer == .wait { state.points[state.tickets] = request.point }
            return (state.tickets, answer)
        }
        switch answer {
        case .begin: return .slot(Slot(self, taker))
        case .refused: return .full(waiting)
        case .wait: break
        }
        let end = Moment.now + Self.patience
        while let point = request.point, !state.withLock({ $0.queue.claim(ticket) }) {
            let readiness = await point.wait(for: [.woken, .shutdown], until: end)
            guard readiness.isDisjoint(with: [.deadline, .hangUp, .shutdown]) else { return giveUp(ticket, taker) }
        }
        return request.point == nil ? giveUp(ticket, taker) : .slot(Slot(self, taker))
    }

    /// The slot may have come at the last moment: then it is taken.
    private func giveUp(_ ticket: UploadQueue.Ticket, _ taker: IPAddress) -> Outcome {
        let position: Int? = state.withLock { state in
            state.points[ticket] = nil
            guard !state.queue.claim(ticket) else { return nil }
            defer { state.queue.leave(ticket) }
            return state.queue.position(of: ticket) ?? 1
        }
        return position.map(Outcome.full) ?? .slot(Slot(self, taker))
    }

    private func finish(_ taker: IPAddress) {
        let woken = state.withLock { state in
            let tickets = state.queue.finish(taker)
            return state.take(tickets)
        }
        for point in woken { point.wake() }
    }
}
