internal import Glibc
internal import Synchronization

/// A few named threads for what may block: cold disk, hashing, SQLite, passwords. Its queue has a bound.
package final class WorkerPool: Sendable {
    /// The queue is full: come back later.
    package struct Busy: Error {
        package init() {}
    }

    private typealias Job = @Sendable () -> Void

    private struct State {
        var jobs: [Job] = []
        var head = 0
        var isClosed = false
        var disks: [UInt64: Line] = [:]
    }

    /// The work on one disk.
    private struct Line {
        var running = 0
        var waiting: [Job] = []
    }

    private let name: String
    private let capacity: Int
    /// Threads that one disk may hold, so that another one finds some when it does not answer; and what may wait for it.
    private let width: Int
    private let lineCapacity: Int
    private let state = Mutex(State())
    private let signal = ThreadSignal()

    /// Threads in the background get what the others leave of the processors, and some of it always.
    package init(name: String, threads: Int, capacity: Int = 1_024, isBackground: Bool = false) {
        self.name = name
        self.capacity = capacity
        (width, lineCapacity) = (max(1, threads / 2), max(1, capacity / 4))
        for index in 0..<max(1, threads) {
            Thread.start(name: "\(name)-\(index)") { [self] in
                if isBackground { Thread.yieldToOthers() }
                serve()
            }
        }
    }

    /// Runs `work` on a thread of the pool and comes back to the caller's executor.
    package func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let accepted = submit { continuation.resume(with: Result { try work() }) }
            if !accepted { continuation.resume(throwing: Busy()) }
        }
    }

    /// Puts `work` in the queue; false when it is full or the pool is closed.
    @discardableResult
    package func submit(_ work: @escaping @Sendable () -> Void) -> Bool {
        let accepted = state.withLock { state in
            guard !state.isClosed, state.jobs.count - state.head < capacity else { return false }
            state.jobs.append(work)
            return true
        }
        if accepted { signal.notify() }
        return accepted
    }

    /// Puts work that reads from a disk in its queue: at most half of the threads are at one disk at a time, so that who
    /// reads from another goes on when it does not answer. False when too much waits already.
    @discardableResult
    package func submit(on device: UInt64, _ work: @escaping @Sendable () -> Void) -> Bool {
        let job: Job = { [self] in
            work()
            finished(on: device)
        }
        let (isAccepted, isNext) = state.withLock { state -> (Bool, Bool) in
            guard !state.isClosed else { return (false, false) }
            var line = state.disks[device] ?? Line()
            let isNext = line.running < width
            guard isNext ? state.jobs.count - state.head < capacity : line.waiting.count < lineCapacity else {
                return (false, false)
            }
            if isNext {
                line.running += 1
                state.jobs.append(job)
            } else {
                line.waiting.append(job)
            }
            state.disks[device] = line
            return (true, isNext)
        }
        if isNext { signal.notify() }
        return isAccepted
    }

    /// A thread is back from a disk: the next of those that wait for it, if any.
    private func finished(on device: UInt64) {
        let isMore = state.withLock { state in
            guard var line = state.disks[device] else { return false }
            let isMore = !line.waiting.isEmpty
            if isMore {
                state.jobs.append(line.waiting.removeFirst())
            } else {
                line.running -= 1
            }
            state.disks[device] = line.running > 0 ? line : nil
            return isMore
        }
        if isMore { signal.notify() }
    }

    /// No new work; what is queued is still done, then the threads end.
    package func close() {
        state.withLock { $0.isClosed = true }
        signal.notifyAll()
    }

    private func serve() {
        while let job = next() { job() }
    }

    private func next() -> Job? {
        while true {
            let seen = signal.ticket
            let (job, isOver) = state.withLock { state -> (Job?, Bool) in
                guard state.head < state.jobs.count else { return (nil, state.isClosed) }
                let job = state.jobs[state.head]
                state.head += 1
                if state.head == state.jobs.count || state.head > 1_024 {
                    state.jobs.removeFirst(state.head)
                    state.head = 0
                }
                return (job, false)
            }
            if let job { return job }
            if isOver { return nil }
            signal.wait(beyond: seen)
        }
    }
}
