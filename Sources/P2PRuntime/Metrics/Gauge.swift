internal import Synchronization

/// A number that goes up and down: connections, queue lengths. Any thread may change it.
package final class Gauge: Sendable {
    private let level = Atomic<Int>(0)

    package init() {}

    /// Replaces the level.
    package func set(_ value: Int) {
        level.store(value, ordering: .relaxed)
    }

    /// Raises the level.
    package func add(_ amount: Int = 1) {
        level.wrappingAdd(amount, ordering: .relaxed)
    }

    /// Lowers the level.
    package func subtract(_ amount: Int = 1) {
        level.wrappingSubtract(amount, ordering: .relaxed)
    }

    /// The level now.
    package var value: Int { level.load(ordering: .relaxed) }
}
