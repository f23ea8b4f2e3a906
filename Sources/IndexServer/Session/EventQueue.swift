internal import P2PRuntime
internal import Synchronization

/// Events on their way to subscribers, numbered in the order in which they came.
final class EventQueue: Sendable {
    private struct State {
        var events: [EngineEvent] = []
        /// Those before it have been taken.
        var head = 0
        var nextNumber = 0
        var point: WaitPoint?

        var count: Int { events.count - head }
    }

    private let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { state.withLock { $0.count } }

    /// The number that the next event will have.
    var nextNumber: Int { state.withLock { $0.nextNumber } }

    /// Who is woken when something comes.
    func wakes(_ point: WaitPoint) {
        state.withLock { $0.point = point }
    }

    /// Adds events. False when more than the capacity wait already: then all are dropped.
    func add(_ events: [EngineEvent]) -> Bool {
        let (isTaken, sleeper) = state.withLock { state -> (Bool, WaitPoint?) in
            state.nextNumber += events.count
            guard state.count <= capacity else {
                state.events = []
                state.head = 0
                return (false, nil)
            }
            let wasEmpty = state.count == 0
            state.events += events
            return (true, wasEmpty ? state.point : nil)
        }
        sleeper?.wake()
        return isTaken
    }

    /// The oldest event that waits, with its number.
    func next() -> (number: Int, event: EngineEvent)? {
        state.withLock { state in
            guard state.count > 0 else { return nil }
            let next = (state.nextNumber - state.count, state.events[state.head])
            state.head += 1
            if state.head == state.events.count {
                state.events = []
                state.head = 0
            }
            return next
        }
    }
}
