package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// What others may do with a session: leave it a message, or end it. The session itself belongs to its loop.
package final class SessionHandle: Sendable {
    /// Something that arrives without having been asked for.
    package enum Letter: Sendable {
        case message(channel: Bytes, payload: Bytes)
        /// Say why, and close.
        case close(WireError)
        /// More messages wait than may.
        case overflow

        fileprivate var byteCount: Int {
            switch self {
            case .message(let channel, let payload): channel.count + payload.count + 64
            case .close, .overflow: 0
            }
        }
    }

    private struct State {
        var letters: [Letter] = []
        var letterBytes = 0
        var account: AccountName?
        var name = Bytes()
        var library = Bytes()
        var libraryVersion = Bytes()
    }

    /// Bytes of letters that may wait for a slow reader; then the session is ended rather than a message lost unseen.
    private static let capacityBytes = Limits.standard.messageBytes

    package let id: Int
    package let remote: Endpoint
    package let since: Moment
    /// Our side of the connection, and its descriptor.
    package let local: Endpoint?
    package let descriptor: Int
    private let point: WaitPoint
    private let state = Mutex(State())
    private let lastHeardNanoseconds: Atomic<Int64>
    /// Spares the session, which looks after every read, the lock.
    private let hasLetters = Atomic(false)
    private let wasRevoked = Atomic(false)
    private let waitingTotal = Atomic<Int>(0)
    /// What it kept waiting when it was told to go; negative before that, `.max` when it has gone.
    private let evictedBytes = Atomic<Int>(-1)

    package init(
        id: Int, remote: Endpoint, since: Moment, point: WaitPoint, local: Endpoint? = nil, descriptor: Int = -1
    ) {
        (self.id, self.remote, self.since, self.point) = (id, remote, since, point)
        (self.local, self.descriptor) = (local, descriptor)
        lastHeardNanoseconds = Atomic(since.nanoseconds)
    }

    /// When bytes last came from the other side.
    package var lastHeard: Moment {
        get { Moment(nanoseconds: lastHeardNanoseconds.load(ordering: .relaxed)) }
        set { lastHeardNanoseconds.store(newValue.nanoseconds, ordering: .relaxed) }
    }

    /// Its account is no longer what it was: it ends at once, whatever it does.
    func revoke() {
        wasRevoked.store(true, ordering: .relaxed)
        _ = evict(keeping: 0)
    }

    var isRevoked: Bool { wasRevoked.load(ordering: .relaxed) }

    package func post(_ letter: Letter) {
        let isFirst = state.withLock { state in
            let isFirst = state.letters.isEmpty
            guard state.letterBytes <= Self.capacityBytes else { return false }
            state.letterBytes += letter.byteCount
            state.letters.append(letter)
            if state.letterBytes > Self.capacityBytes {
                state.letters = [.overflow]
            }
            hasLetters.store(true, ordering: .releasing)
            return isFirst
        }
        if isFirst { point.wake() }
    }

    package func takeLetters() -> [Letter] {
        guard hasLetters.load(ordering: .acquiring) else { return [] }
        return state.withLock { state in
            hasLetters.store(false, ordering: .releasing)
            let letters = state.letters
            state.letters = []
            if state.letterBytes <= Self.capacityBytes { state.letterBytes = 0 }
            return letters
        }
    }

    // MARK: For `WaitingBudget`

    /// Memory of what waits; set on the session's loop only.
    var waitingBytes: Int {
        get { waitingTotal.load(ordering: .relaxed) }
        set { waitingTotal.store(newValue, ordering: .relaxed) }
    }

    /// The session is to end at once, whatever waits; false when it has been told so already, or is over.
    func evict(keeping bytes: Int) -> Bool {
        guard evictedBytes.compareExchange(expected: -1, desired: bytes, ordering: .relaxed).exchanged else {
            return false
        }
        point.wake()
        return true
    }

    var isEvicted: Bool { evictedBytes.load(ordering: .relaxed) >= 0 }

    /// The session is over; returns what it kept waiting when it was told to go, if it was.
    func noteReleased() -> Int {
        let bytes = evictedBytes.exchange(.max, ordering: .relaxed)
        return bytes < 0 || bytes == .max ? 0 : bytes
    }

    // MARK: For others

    /// Who has logged in.
    package var account: AccountName? {
        get { state.withLock { $0.account } }
        set { state.withLock { $0.account = newValue } }
    }

    package var name: Bytes {
        get { state.withLock { $0.name } }
        set { state.withLock { $0.name = newValue } }
    }

    package var libraryVersion: Bytes {
        get { state.withLock { $0.libraryVersion } }
        set { state.withLock { $0.libraryVersion = newValue } }
    }

    package var library: Bytes {
        get { state.withLock { $0.library } }
        set { state.withLock { $0.library = newValue } }
    }
}
