internal import Synchronization

/// Something that only the first who asks may do.
final class Once: Sendable {
    private let isClaimed = Atomic(false)

    /// True for the first caller.
    func claim() -> Bool {
        !isClaimed.exchange(true, ordering: .relaxed)
    }
}
