internal import CTestSupport
internal import Glibc
internal import P2PRuntime

/// Monotonic time for the deadlines of tests, and waiting for what cannot be waited for otherwise.
package enum TestClock {
    /// Seconds.
    package static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Seconds that the calling thread has run: what others do on the machine or in other tests is not in it.
    package static var threadTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Asks again and again until `condition` holds.
    package static func wait(
        for what: String, within seconds: Double = 60, _ condition: () throws -> Bool
    ) throws {
        let deadline = now + seconds
        while try !condition() {
            guard now < deadline else { throw TestFailure("no \(what) within \(seconds) s") }
            poll(nil, 0, 5)
        }
    }

    /// The same on a thread of its own, for a test that runs what it waits for in this process: that may need ours.
    package static func waitElsewhere(
        for what: String, within seconds: Double = 60, _ condition: @escaping @Sendable () throws -> Bool
    ) async throws {
        let pool = WorkerPool(name: "test-clock", threads: 1)
        defer { pool.close() }
        try await pool.run { try wait(for: what, within: seconds, condition) }
    }
}
