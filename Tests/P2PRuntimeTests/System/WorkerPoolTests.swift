import P2PRuntime
import Synchronization
import TestSupport
import Testing

@Suite struct WorkerPoolTests {
    /// A disk that answers when the test says so, and what was read from it.
    private final class Disk: Sendable {
        let isStalled = Atomic(true)
        let begun = Atomic(0)
        let done = Atomic(0)

        func read() {
            begun.wrappingAdd(1, ordering: .relaxed)
            try? TestClock.wait(for: "the disk", within: 300) { !isStalled.load(ordering: .relaxed) }
            done.wrappingAdd(1, ordering: .relaxed)
        }
    }

    @Test("[fault F22] a disk that does not answer holds half of the threads; the rest serve others, and all is done")
    func stalled() async throws {
        let pool = WorkerPool(name: "test", threads: 4)
        defer { pool.close() }
        let disk = Disk()
        for _ in 0..<10 { #expect(pool.submit(on: 1) { disk.read() }) }
        // Another disk, and what is about none.
        try await pool.run {}
        let others = Atomic(0)
        for _ in 0..<10 { #expect(pool.submit(on: 2) { others.wrappingAdd(1, ordering: .relaxed) }) }
        try await TestClock.waitElsewhere(for: "the others") { others.load(ordering: .relaxed) == 10 }
        #expect(disk.begun.load(ordering: .relaxed) == 2)
        disk.isStalled.store(false, ordering: .relaxed)
        try await TestClock.waitElsewhere(for: "all") { disk.done.load(ordering: .relaxed) == 10 }
    }

    @Test(
        "what waits for a disk that does not answer has a bound, and is still done after the pool is closed")
    func bound() async throws {
        let pool = WorkerPool(name: "test", threads: 2, capacity: 16)
        let disk = Disk()
        // One that runs, and a quarter of the queue.
        let accepted = (0..<10).filter { _ in pool.submit(on: 1) { disk.read() } }
        #expect(accepted.count == 5)
        try await pool.run {}
        pool.close()
        #expect(!pool.submit(on: 1) {})
        disk.isStalled.store(false, ordering: .relaxed)
        try await TestClock.waitElsewhere(for: "the rest") { disk.done.load(ordering: .relaxed) == 5 }
    }

    @Test("who waits for a disk leaves at the deadline; what had not begun by then is not done, and the next one is")
    func deadline() async throws {
        let pool = WorkerPool(name: "test", threads: 2)
        defer { pool.close() }
        let group = try LoopGroup(count: 1)
        defer { group.stop() }
        let (disk, loop) = (Disk(), group.loops[0])
        let late = Atomic(0)
        let next = try await Task(executorPreference: loop) {
            let point = WaitPoint(on: loop)
            defer { point.detach() }
            #expect(pool.submit(on: 1) { disk.read() })
            await #expect(throws: StreamError.timedOut) {
                try await pool.run(on: 1, at: point, until: .now + .milliseconds(20)) {
                    _ = late.wrappingAdd(1, ordering: .relaxed)
                }
            }
            disk.isStalled.store(false, ordering: .relaxed)
            return try await pool.run(on: 1, at: point, until: .now + .seconds(20)) { 7 }
        }.value
        #expect(next == 7 && late.load(ordering: .relaxed) == 0)
    }
}
