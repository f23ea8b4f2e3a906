internal import Synchronization

/// A number that only grows: requests, bytes, errors. Any thread may add to it.
package final class Counter: Sendable {
    private let count = Atomic<Int>(0)

    package init() {}

    /// Adds to the total. Wraps after 2⁶³ rather than trap: nothing that we count gets there.
    package func add(_ amount: Int = 1) {
        count.wrappingAdd(amount, ordering: .relaxed)
    }

    /// The total so far.
    package var value: Int { count.load(ordering: .relaxed) }
}
