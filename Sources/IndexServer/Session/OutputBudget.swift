internal import P2PRuntime
internal import Synchronization

/// What all slow readers together may keep waiting. When it is too much, whoever keeps most is disconnected: a few
/// cannot fill the memory that all share.
final class OutputBudget: Sendable {
    private let limit: Int
    private let total = Atomic<Int>(0)

    init(limit: Int) { self.limit = limit }

    /// Bytes that wait now.
    var waiting: Int { max(0, total.load(ordering: .relaxed)) }

    /// Counts what waits for a session now; returns who has to go for it.
    func count(_ bytes: Int, for handle: SessionHandle, among sessions: SessionDirectory) -> SessionHandle? {
        let before = handle.waitingOutput.load(ordering: .relaxed)
        guard before >= 0, before != bytes else { return nil }
        handle.waitingOutput.store(bytes, ordering: .relaxed)
        let now = total.wrappingAdd(bytes - before, ordering: .relaxed).newValue
        guard now > limit else { return nil }
        return evictLargest(among: sessions)
    }

    /// The session is over.
    func release(_ handle: SessionHandle) {
        let before = handle.waitingOutput.exchange(.min, ordering: .relaxed)
        if before > 0 { total.wrappingSubtract(before, ordering: .relaxed) }
    }

    /// Counts an answer that is whole in memory until the reservation goes; nil when there is no room for it.
    func reserve(_ bytes: Int) -> OutputReservation? {
        guard total.wrappingAdd(bytes, ordering: .relaxed).newValue <= limit else {
            total.wrappingSubtract(bytes, ordering: .relaxed)
            return nil
        }
        return OutputReservation(bytes, of: self)
    }

    fileprivate func giveBack(_ bytes: Int) {
        total.wrappingSubtract(bytes, ordering: .relaxed)
    }

    private func evictLargest(among sessions: SessionDirectory) -> SessionHandle? {
        let waiting = sessions.all.map { ($0, $0.waitingOutput.load(ordering: .relaxed)) }
        guard let (largest, _) = waiting.max(by: { $0.1 < $1.1 }) else { return nil }
        let bytes = largest.waitingOutput.exchange(.min, ordering: .relaxed)
        guard bytes > 0 else { return nil }
        total.wrappingSubtract(bytes, ordering: .relaxed)
        largest.evict()
        return largest
    }
}

/// Room for one answer, given back when nobody needs it any more.
final class OutputReservation: Sendable {
    private let bytes: Int
    private let budget: OutputBudget

    fileprivate init(_ bytes: Int, of budget: OutputBudget) {
        (self.bytes, self.budget) = (bytes, budget)
    }

    deinit { budget.giveBack(bytes) }
}
