internal import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// Who is subscribed to what, and the way to them. The table decides; this hands the letters out.
package final class Subscriptions: Sendable {
    private struct State {
        var searches = SubscriptionTable()
        /// Those who listen to `peers`.
        var watchers: Set<Int> = []
        var handles: [Int: SessionHandle] = [:]
    }

    private static let peersChannel = Bytes(ascii: "peers")

    private let state = Mutex(State())

    package init() {}

    /// Connections that listen to anything.
    package var count: Int { state.withLock { $0.handles.count } }

    func add(_ channel: Channel, for handle: SessionHandle, limits: Limits) throws(WireError) {
        var query: Query?
        if case .search(let text) = channel { query = try Query.parse(text, limits: limits) }
        state.withLock { state in
            state.handles[handle.id] = handle
            if let query {
                state.searches.subscribe(handle.id, to: channel.name, query)
            } else {
                state.watchers.insert(handle.id)
            }
        }
    }

    func remove(_ channel: Bytes, for handle: SessionHandle) {
        state.withLock { state in
            if channel == Self.peersChannel {
                state.watchers.remove(handle.id)
            } else {
                state.searches.unsubscribe(handle.id, from: channel)
            }
            let isIdle = state.searches.count(of: handle.id) == 0 && !state.watchers.contains(handle.id)
            if isIdle { state.handles[handle.id] = nil }
        }
    }

    /// Tells everybody concerned, in the order in which it happened.
    func publish(_ events: [EngineEvent]) {
        let letters = state.withLock { state in
            events.flatMap { event in Self.recipients(of: event, state) }
        }
        for (handle, channel, payload) in letters { handle.post(.message(channel: channel, payload: payload)) }
    }

    private static func recipients(
        of event: EngineEvent, _ state: State
    ) -> [(handle: SessionHandle, channel: Bytes, payload: Bytes)] {
        let payload = EventPayload(event).json
        var letters: [(SessionHandle, Bytes, Bytes)] = []
        switch event {
        case .found(let file):
            state.searches.forEachMatch(file) { subscriber, channel in
                if let handle = state.handles[subscriber] { letters.append((handle, channel, payload)) }
            }
        case .joined, .left:
            for watcher in state.watchers.sorted() {
                if let handle = state.handles[watcher] { letters.append((handle, peersChannel, payload)) }
            }
        }
        return letters
    }
}
