internal import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// How fast files go out: in all, and to one address.
package final class UploadPace: Sendable {
    private struct State {
        var inAll: Throttle?
        var takers: [IPAddress: (throttle: Throttle, uploads: Int)] = [:]
    }

    private let bytesPerTaker: Int?
    private let state: Mutex<State>
    /// Whether there is a limit at all.
    let isLimited: Bool

    /// Bytes a second; nil is no limit.
    package init(bytesInAll: Int? = nil, bytesPerTaker: Int? = nil) {
        self.bytesPerTaker = bytesPerTaker
        isLimited = bytesInAll != nil || bytesPerTaker != nil
        state = Mutex(State(inAll: bytesInAll.map { Throttle(bytesPerSecond: $0) }))
    }

    /// An upload to this address begins: what is known of the address is kept until the last of them ends.
    package func begin(_ taker: IPAddress) {
        guard let bytesPerTaker else { return }
        state.withLock { state in
            state.takers[taker, default: (Throttle(bytesPerSecond: bytesPerTaker), 0)].uploads += 1
        }
    }

    /// One of them is over.
    package func end(_ taker: IPAddress) {
        guard bytesPerTaker != nil else { return }
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
            let portion = min(state.inAll?.portion ?? wanted, state.takers[taker]?.throttle.portion ?? wanted)
            let count = min(wanted, portion)
            let first = state.inAll?.reserve(count, now: now) ?? now
            let second = state.takers[taker]?.throttle.reserve(count, now: now) ?? now
            return Allowance(count: count, start: max(first, second))
        }
    }
}
