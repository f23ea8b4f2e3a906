package import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// Who is subscribed to what, and the way to them. The table decides; a task of its own tells, so that whoever
/// registers files does not wait for those who want to hear of them.
package final class Subscriptions: Sendable {
    private struct State {
        var searches: SubscriptionTable
        /// Those who listen to `peers`, each with the number of the first event that is told to it.
        var watchers: [Int: Int] = [:]
        /// The same of `revoked`.
        var givers: [Int: Int] = [:]
        var handles: [Int: SessionHandle] = [:]

        /// Who listens to a channel without a query since that event or before.
        borrowing func listeners(_ channel: Channel, _ number: Int) -> [Listener] {
            let all = channel == .revoked ? givers : watchers
            return all.compactMap { id, since in
                guard since <= number, let handle = handles[id] else { return nil }
                return (handle, channel.name)
            }
        }
    }

    private typealias Listener = (handle: SessionHandle, channel: Bytes)
    private typealias Message = (handle: SessionHandle, channel: Bytes, payload: Bytes)

    /// Queries that are tried before subscribers and the loop have their turn.
    private static let triesPerSlice = 4_096

    private let state: ReadersWriterLock<State>
    private let queue: EventQueue

    package init(limits: Limits = .standard) {
        state = ReadersWriterLock(State(searches: SubscriptionTable(limits: limits)))
        queue = EventQueue(capacity: limits.waitingEvents)
    }

    /// Connections that listen to anything.
    package var count: Int { state.read { $0.handles.count } }

    /// Whether anybody wants to hear of what happens to peers and contents.
    var followsEngine: Bool { state.read { !$0.watchers.isEmpty || !$0.searches.isEmpty } }

    /// Events that wait to be told.
    package var waitingCount: Int { queue.count }

    /// Adds a channel, with its query where it has one.
    func add(
        _ channel: Channel, _ query: Query?, for handle: SessionHandle
    ) throws(SubscriptionTable.Refusal) {
        let since = queue.nextNumber
        try state.write { (state: inout State) throws(SubscriptionTable.Refusal) in
            if let query {
                try state.searches.subscribe(handle.id, to: channel.name, query, since: since)
            } else if channel == .revoked {
                state.givers[handle.id] = since
            } else {
                state.watchers[handle.id] = since
            }
            state.handles[handle.id] = handle
        }
    }

    func remove(_ channel: Bytes, for handle: SessionHandle) {
        state.write { state in
            switch Channel(channel) {
            case .peers: state.watchers[handle.id] = nil
            case .revoked: state.givers[handle.id] = nil
            default: state.searches.unsubscribe(handle.id, from: channel)
            }
            let isListening = state.watchers[handle.id] != nil || state.givers[handle.id] != nil
            if !isListening, state.searches.count(of: handle.id) == 0 { state.handles[handle.id] = nil }
        }
    }

    /// Leaves events to be told to everybody concerned, in the order in which they happened. False when more wait than
    /// may: then nobody's messages are lost unseen, but those who listen are disconnected.
    func publish(_ events: [EngineEvent]) -> Bool {
        guard !queue.add(events) else { return true }
        let all = state.read { Array($0.handles.values) }
        for handle in all { handle.post(.close(.fatal("more has happened than this connection can be told"))) }
        return false
    }

    /// Tells, on a loop, until the program ends.
    func run(on loop: EventLoop) {
        Task(executorPreference: loop) { [self] in
            let point = WaitPoint(on: loop)
            defer { point.detach() }
            queue.wakes(point)
            while !point.isShuttingDown {
                if tellSome() {
                    await Task.yield()
                } else {
                    await point.sleep(until: .distantFuture)
                }
            }
        }
    }

    /// Tells of the next few events; false when there are none.
    func tellSome() -> Bool {
        var tries = 0
        while tries < Self.triesPerSlice {
            guard let (number, event) = queue.next() else { return tries > 0 }
            let messages = state.read { Self.messages(about: event, number, $0, &tries) }
            for (handle, channel, payload) in messages { handle.post(.message(channel: channel, payload: payload)) }
            tries += messages.count + 8
        }
        return true
    }

    private static func messages(
        about event: EngineEvent, _ number: Int, _ state: borrowing State, _ tries: inout Int
    ) -> [Message] {
        var listeners: [Listener] = []
        switch event {
        case .found(let file):
            tries += state.searches.forEachMatch(file, event: number) { subscriber, channel in
                if let handle = state.handles[subscriber] { listeners.append((handle, channel)) }
            }
        case .joined, .left: listeners = state.listeners(.peers, number)
        case .revoked: listeners = state.listeners(.peers, number) + state.listeners(.revoked, number)
        }
        guard !listeners.isEmpty else { return [] }
        let payload = EventPayload(event).json
        return listeners.map { ($0.handle, $0.channel, payload) }
    }
}
