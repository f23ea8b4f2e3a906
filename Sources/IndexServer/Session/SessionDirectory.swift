package import P2PRuntime
internal import Synchronization

/// The sessions that are open, by number and by the peer that each has registered.
package final class SessionDirectory: Sendable {
    private struct State {
        var nextID = 1
        var open: [Int: SessionHandle] = [:]
        var byPeer: [PeerID: SessionHandle] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    package var count: Int { state.withLock { $0.open.count } }

    /// Every open session, in the order in which they came.
    package var all: [SessionHandle] { state.withLock { Array($0.open.values) }.sorted { $0.id < $1.id } }

    /// Gives a new session its number.
    package func open(_ stream: Stream, at now: Moment) -> SessionHandle {
        let local = stream.local
        return state.withLock { state in
            let handle = SessionHandle(
                id: state.nextID, remote: stream.remote, since: now, point: stream.point, local: local,
                descriptor: stream.descriptorNumber)
            state.nextID += 1
            state.open[handle.id] = handle
            return handle
        }
    }

    package func close(_ handle: SessionHandle) {
        state.withLock { _ = $0.open.removeValue(forKey: handle.id) }
    }

    /// The peer is now this session's; returns the session that it is taken from.
    package func claim(_ peer: PeerID, for handle: SessionHandle) -> SessionHandle? {
        state.withLock { state in
            let former = state.byPeer.updateValue(handle, forKey: peer)
            return former === handle ? nil : former
        }
    }

    /// Gives the peer up; false when another session has taken it over meanwhile.
    package func release(_ peer: PeerID, by handle: SessionHandle) -> Bool {
        state.withLock { state in
            guard state.byPeer[peer] === handle else { return false }
            state.byPeer[peer] = nil
            return true
        }
    }

    package func holder(of peer: PeerID) -> SessionHandle? {
        state.withLock { $0.byPeer[peer] }
    }

    package subscript(id: Int) -> SessionHandle? {
        state.withLock { $0.open[id] }
    }
}
