internal import CLinux
internal import Glibc
internal import Synchronization

/// A thread with an epoll set that is also a `TaskExecutor`: it runs the tasks of its connections between two looks
/// at their descriptors. Nothing that runs on it may block.
///
/// SAFETY: everything below `remote` is touched on the loop's own thread only; other threads leave jobs and wakes in
/// `remote`, under its lock, and ring the eventfd.
package final class EventLoop: TaskExecutor, @unchecked Sendable {
    /// What other threads ask of the loop.
    private struct Remote {
        var jobs: [UnownedJob] = []
        var wakes: [UInt64] = []
        var isStopped = false
    }

    package let name: String
    private let epoll: Descriptor
    private let bell: Descriptor
    private let remote = Mutex(Remote())

    private var thread = pthread_t()
    private var jobs: [UnownedJob] = []
    private var running: [UnownedJob] = []
    private var slots: [(generation: UInt32, point: WaitPoint?)] = []
    private var freeSlots: [Int] = []
    private var timers = TimerQueue()
    private var isDraining = false

    /// The time at which the loop last looked at its descriptors: good enough for leases and idle deadlines.
    package private(set) var now = Moment.now
    /// Until when all that came from outside has been told: what a deadline is held against. It is when the kernel was
    /// last asked, not when it answered, since the process may be stopped between the answer and a look at the clock.
    package private(set) var settled = Moment.now
    /// Buffers that any task of this loop may use between two suspensions, so that idle connections own none.
    package let scratch = LoopScratch()

    package init(name: String) throws(SystemError) {
        self.name = name
        epoll = Descriptor(owning: try SystemCall.require("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) })
        bell = Descriptor(
            owning: try SystemCall.require("eventfd") { eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC)) })
        slots.append((0, nil))
        try watch(bell.raw, token: 0, events: EPOLLIN.rawValue)
    }

    /// Starts the thread; the loop then lives until `stop()`.
    package func start() {
        Thread.start(name: name) { self.run() }
    }

    /// Ends the thread after what it has in hand.
    package func stop() {
        remote.withLock { $0.isStopped = true }
        ring()
    }

    // MARK: Executor

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if pthread_equal(pthread_self(), thread) != 0 { return jobs.append(job) }
        let isFirst = remote.withLock { remote in
            remote.jobs.append(job)
            return remote.jobs.count + remote.wakes.count == 1
        }
        if isFirst { ring() }
    }

    /// Wakes the wait point behind `token`, from any thread.
    func wake(_ token: UInt64) {
        let isFirst = remote.withLock { remote in
            remote.wakes.append(token)
            return remote.jobs.count + remote.wakes.count == 1
        }
        if isFirst { ring() }
    }

    private func ring() {
        var one: UInt64 = 1
        _ = write(bell.raw, &one, 8)
    }

    // MARK: The thread

    private func run() {
        thread = pthread_self()
        let executor = asUnownedTaskExecutor()
        let events = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: 256)
        defer { events.deallocate() }
        while takeRemote() {
            runJobs(executor)
            // A deadline must not overtake bytes that arrived in time.
            if poll(events) { fireTimers() }
        }
    }

    /// Tells the wait points what is ready; false when the call was interrupted, so that nobody has been told anything.
    private func poll(_ events: UnsafeMutableBufferPointer<epoll_event>) -> Bool {
        var asked = Moment.now
        var timeout = patience(at: asked)
        // Edges come once, so a full answer is followed by the rest; a bound all the same.
        for _ in 0..<64 {
            let count = epoll_wait(epoll.raw, events.baseAddress, Int32(events.count), timeout)
            now = .now
            guard count >= 0 else { return false }
            for index in 0..<Int(count) { deliver(events[index]) }
            if Int(count) < events.count { break }
            (asked, timeout) = (now, 0)
        }
        settled = asked
        return true
    }

    /// Milliseconds until something is due; -1 when only the outside can have news.
    private func patience(at moment: Moment) -> Int32 {
        if !jobs.isEmpty { return 0 }
        guard let next = timers.next else { return -1 }
        let milliseconds = (max(0, next.since(moment).wholeNanoseconds) + 999_999) / 1_000_000
        return Int32(clamping: milliseconds)
    }

    private func runJobs(_ executor: UnownedTaskExecutor) {
        // One round only: a job that always has more to do must not starve the descriptors.
        swap(&jobs, &running)
        for job in running { unsafe job.runSynchronously(on: executor) }
        running.removeAll(keepingCapacity: true)
    }

    /// False when the loop has been stopped.
    private func takeRemote() -> Bool {
        let (wakes, isStopped) = remote.withLock { remote in
            jobs.append(contentsOf: remote.jobs)
            remote.jobs.removeAll(keepingCapacity: true)
            let wakes = remote.wakes
            remote.wakes.removeAll(keepingCapacity: true)
            return (wakes, remote.isStopped)
        }
        for token in wakes { point(token)?.signal(.woken) }
        return !isStopped
    }

    private func deliver(_ event: epoll_event) {
        let token = event.data.u64
        guard token != 0 else {
            var count: UInt64 = 0
            _ = read(bell.raw, &count, 8)
            return
        }
        var readiness: Readiness = []
        if event.events & EPOLLIN.rawValue != 0 { readiness.insert(.readable) }
        if event.events & EPOLLRDHUP.rawValue != 0 { readiness.formUnion([.ended, .readable]) }
        if event.events & EPOLLOUT.rawValue != 0 { readiness.insert(.writable) }
        if event.events & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 { readiness.formUnion([.hangUp, .readable]) }
        point(token)?.signal(readiness)
    }

    private func fireTimers() {
        while let token = timers.popDue(settled) {
            guard let point = point(token), let later = point.timerFired(settled) else { continue }
            timers.add(token, at: later)
        }
    }

    // MARK: Wait points; on the loop only

    /// Gives a wait point its token. The generation in it makes a late event for a reused slot harmless.
    func attach(_ point: WaitPoint) -> UInt64 {
        let slot = freeSlots.popLast() ?? slots.count
        if slot == slots.count { slots.append((0, nil)) }
        slots[slot].point = point
        if isDraining { point.signal(.shutdown) }
        return UInt64(slots[slot].generation) << 32 | UInt64(slot)
    }

    func detach(_ token: UInt64) {
        let slot = Int(token & 0xFFFF_FFFF)
        guard point(token) != nil else { return }
        slots[slot].point = nil
        slots[slot].generation &+= 1
        freeSlots.append(slot)
    }

    func addTimer(_ token: UInt64, at moment: Moment) {
        timers.add(token, at: moment)
    }

    func watch(_ descriptor: Int32, token: UInt64, events: UInt32) throws(SystemError) {
        var event = epoll_event()
        event.events = events
        event.data.u64 = token
        try SystemCall.require("epoll_ctl") { epoll_ctl(epoll.raw, EPOLL_CTL_ADD, descriptor, &event) }
    }

    /// Tells every waiting task, now and in future, that the program is about to end.
    func drain() {
        isDraining = true
        for slot in slots { slot.point?.signal(.shutdown) }
    }

    private func point(_ token: UInt64) -> WaitPoint? {
        let slot = Int(token & 0xFFFF_FFFF)
        guard slot < slots.count, slots[slot].generation == UInt32(token >> 32) else { return nil }
        return slots[slot].point
    }
}
