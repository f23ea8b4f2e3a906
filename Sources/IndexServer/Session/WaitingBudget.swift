internal import P2PRuntime
internal import Synchronization

/// What all connections together may keep waiting: output for slow readers, commands of which the rest has not come.
/// When it is too much, whoever keeps most is disconnected: a few cannot fill the memory that all share.
///
/// Invariant: what sessions keep after a turn is never more than the limit. Those who have to go are told a little
/// before it, since their memory is there until their loop gets to them; whoever would exceed it meanwhile goes at once.
final class WaitingBudget: Sendable {
    private let limit: Int
    private let total = Atomic<Int>(0)
    /// Bytes of `total` whose sessions have been told to go.
    private let leaving = Atomic<Int>(0)

    init(limit: Int) { self.limit = limit }

    /// Bytes that wait now.
    var bytes: Int { max(0, total.load(ordering: .relaxed)) }

    /// Counts what waits for a session now, on its loop; returns who has to go for it. If that is the session itself,
    /// it must keep nothing.
    func count(_ bytes: Int, for handle: SessionHandle, among sessions: SessionDirectory) -> SessionHandle? {
        let growth = bytes - handle.waitingBytes
        let now = total.wrappingAdd(growth, ordering: .relaxed).newValue
        guard growth <= 0 || now <= limit else {
            total.wrappingSubtract(growth, ordering: .relaxed)
            return handle
        }
        handle.waitingBytes = bytes
        guard growth > 0, now - leaving.load(ordering: .relaxed) > limit - limit / 8 else { return nil }
        return evictLargest(among: sessions)
    }

    /// The session is over.
    func release(_ handle: SessionHandle) {
        total.wrappingSubtract(handle.waitingBytes, ordering: .relaxed)
        leaving.wrappingSubtract(handle.noteReleased(), ordering: .relaxed)
        handle.waitingBytes = 0
    }

    /// Counts an answer that is whole in memory until the reservation goes; nil when there is no room for it.
    func reserve(_ bytes: Int) -> WaitingReservation? {
        guard total.wrappingAdd(bytes, ordering: .relaxed).newValue <= limit else {
            total.wrappingSubtract(bytes, ordering: .relaxed)
            return nil
        }
        return WaitingReservation(bytes, of: self)
    }

    fileprivate func giveBack(_ bytes: Int) {
        total.wrappingSubtract(bytes, ordering: .relaxed)
    }

    private func evictLargest(among sessions: SessionDirectory) -> SessionHandle? {
        let here = sessions.all.lazy.filter { !$0.isEvicted }.map { ($0, $0.waitingBytes) }
        guard let (largest, bytes) = here.max(by: { $0.1 < $1.1 }), bytes > 0 else { return nil }
        leaving.wrappingAdd(bytes, ordering: .relaxed)
        guard largest.evict(keeping: bytes) else {
            leaving.wrappingSubtract(bytes, ordering: .relaxed)
            return nil
        }
        return largest
    }
}

/// Room for one answer, given back when nobody needs it any more.
final class WaitingReservation: Sendable {
    private let bytes: Int
    private let budget: WaitingBudget

    fileprivate init(_ bytes: Int, of budget: WaitingBudget) {
        (self.bytes, self.budget) = (bytes, budget)
    }

    deinit { budget.giveBack(bytes) }
}
