/// Deadlines in order: a binary heap of (moment, token). Entries are never removed early; who is woken looks whether
/// the deadline is still meant, which makes setting one cheap.
package struct TimerQueue {
    private var heap: [(moment: Moment, token: UInt64)] = []

    package init() {}

    /// The earliest deadline.
    package var next: Moment? { heap.first?.moment }

    /// Adds a deadline.
    package mutating func add(_ token: UInt64, at moment: Moment) {
        heap.append((moment, token))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].moment < heap[parent].moment else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// The token of the earliest deadline that is not after `now`.
    package mutating func popDue(_ now: Moment) -> UInt64? {
        guard let first = heap.first, first.moment <= now else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first.token }
        heap[0] = last
        sink()
        return first.token
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].moment < heap[least].moment { least = child }
            }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
