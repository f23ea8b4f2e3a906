internal import Synchronization

/// How values spread, in buckets that double: recording one costs two atomic additions, from any thread.
package final class Histogram: Sendable {
    /// What is measured, and so what the first bucket's bound is.
    package enum Unit: Sendable {
        /// Durations: from a microsecond to half an hour.
        case seconds
        /// Counts and sizes: from 1 to 2³⁰.
        case count
    }

    /// Buckets with a bound; what is above the last one counts in the total alone.
    package static let bucketCount = 31

    /// What is measured.
    package let unit: Unit
    private let buckets = InlineArray<32, Atomic<Int>> { _ in Atomic(0) }
    private let sum = Atomic<Int>(0)

    package init(unit: Unit) { self.unit = unit }

    /// Records how long something took, once or several times at once.
    package func record(_ duration: Duration, times: Int = 1) {
        record(Int(clamping: max(0, duration.wholeNanoseconds) / 1_000), times: times)
    }

    /// Records a count, a size, or microseconds.
    package func record(_ value: Int, times: Int = 1) {
        let value = max(0, value)
        buckets[Self.bucket(of: value)].wrappingAdd(times, ordering: .relaxed)
        sum.wrappingAdd(value &* times, ordering: .relaxed)
    }

    /// A consistent enough view: what arrives meanwhile is in the next one.
    package struct Snapshot: Sendable {
        /// Upper bounds in the unit, each with the number of values at or below it.
        package let cumulative: [(bound: Double, count: Int)]
        /// How many values, and what they add up to in the unit.
        package let count: Int
        package let sum: Double

        /// Both together; of the same unit.
        package static func + (left: Snapshot, right: Snapshot) -> Snapshot {
            let cumulative = zip(left.cumulative, right.cumulative).map {
                (bound: $0.bound, count: $0.count + $1.count)
            }
            return Snapshot(cumulative: cumulative, count: left.count + right.count, sum: left.sum + right.sum)
        }
    }

    /// What was recorded so far.
    package var snapshot: Snapshot {
        let scale = unit == .seconds ? 1e-6 : 1
        var total = 0
        var cumulative: [(bound: Double, count: Int)] = []
        for index in 0..<Self.bucketCount {
            total += buckets[index].load(ordering: .relaxed)
            cumulative.append((Double(1 << index) * scale, total))
        }
        total += buckets[Self.bucketCount].load(ordering: .relaxed)
        return Snapshot(cumulative: cumulative, count: total, sum: Double(sum.load(ordering: .relaxed)) * scale)
    }

    /// The first bucket whose bound, 2 to its index, is not below the value.
    private static func bucket(of value: Int) -> Int {
        guard value > 1 else { return 0 }
        return min(bucketCount, Int.bitWidth - (value - 1).leadingZeroBitCount)
    }
}
