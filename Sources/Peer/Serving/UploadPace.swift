internal import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// How fast files go out: in all, and to one address.
package final class UploadPace: Sendable {
    private struct State {
        var inAll: Throttle?
        var bytesPerTaker: Int?
        /// Those who are sent something now.
        var takers: [IPAddress: (throttle: Throttle?, uploads: Int)] = [:]

        var newThrottle: Throttle? { bytesPerTaker.map { Throttle(bytesPerSecond: $0) } }
    }

    private let state: Mutex<State>

    /// Bytes a second; nil is no limit.
    package init(bytesInAll: Int? = nil, bytesPerTaker: Int? = nil) {
        state = Mutex(
            State(inAll: bytesInAll.map { Throttle(bytesPerSecond: $0) }, bytesPerTaker: bytesPerTaker))
    }

    /// From now on so many bytes a second, also for the uploads under way.
    package func set(bytesInAll: Int?, bytesPerTaker: Int?) {
        state.withLock { state in
            state.inAll = bytesInAll.map { Throttle(bytesPerSecond: $0) }
            state.bytesPerTaker = bytesPerTaker
            let throttle = state.newThrottle
            for taker in state.takers.keys { state.takers[taker]?.throttle = throttle }
        }
    }

    /// An upload to this address begins: what is known of the address is kept until the last of them ends.
    package func begin(_ taker: IPAddress) {
        state.withLock { state in
            let throttle = state.newThrottle
            state.takers[taker, default: (throttle, 0)].uploads += 1
        }
    }

    /// One of them is over.
    package func end(_ taker: IPAddress) {
        state.withLock { state in
            guard let uploads = state.takers[taker]?.uploads, uploads > 1 else {
                state.takers[taker] = nil
                return
            }
            state.takers[taker]?.uploads = uploads - 1
        }
    }

    /// The next bytes of an upload.
    package func allow(_ wanted: Int, to taker: IPAddress, now: Moment) -> Allowance {
        state.withLock { state in
            let portion = min(state.inAll?.portion ?? wanted, state.takers[taker]?.throttle?.portion ?? wanted)
            let count = min(wanted, portion)
            let first = state.inAll?.reserve(count, now: now) ?? now
            let second = state.takers[taker]?.throttle?.reserve(count, now: now) ?? now
            return Allowance(count: count, start: max(first, second))
        }
    }
}
