internal import Synchronization

extension WorkerPool {
    /// Work that reads from a disk, for a task that waits at the point of its connection: the wait ends when the other
    /// side hangs up, or at the deadline, and what has not begun by then is not done.
    package func run<Value: Sendable>(
        on device: UInt64, at point: WaitPoint, until deadline: Moment, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let errand = Errand<Value>()
        defer { errand.abandon() }
        let isAccepted = submit(on: device) {
            errand.run(work)
            point.wake()
        }
        guard isAccepted else { throw Busy() }
        while true {
            if let result = errand.result { return try result.get() }
            let readiness = await point.wait(for: .woken, until: deadline)
            if readiness.contains(.hangUp) { throw StreamError.closedEarly }
            if readiness.contains(.deadline) { throw StreamError.timedOut }
        }
    }

    /// What is done on another thread for one who may leave before it is.
    private final class Errand<Value: Sendable>: Sendable {
        private struct State {
            var result: Result<Value, any Error>?
            var isAbandoned = false
        }

        private let state = Mutex(State())

        var result: Result<Value, any Error>? { state.withLock { $0.result } }

        func run(_ work: () throws -> Value) {
            guard !state.withLock({ $0.isAbandoned }) else { return }
            let result = Result { try work() }
            state.withLock { if !$0.isAbandoned { $0.result = result } }
        }

        func abandon() { state.withLock { $0 = State(result: nil, isAbandoned: true) } }
    }
}
