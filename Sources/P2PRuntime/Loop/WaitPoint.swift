/// Where one task of a loop waits: for its descriptor, for a deadline, or to be woken by another thread.
///
/// States: *idle* (nobody waits; readiness gathers) and *waiting* (a continuation is parked). One task at a time.
///
/// SAFETY: all mutable state belongs to the loop's thread; `wake()` only passes the token through the loop's lock.
package final class WaitPoint: @unchecked Sendable {
    package let loop: EventLoop
    private var token: UInt64 = 0
    private var isAttached = false
    private var ready: Readiness = []
    private var interest: Readiness = []
    private var waiter: UnsafeContinuation<Void, Never>?
    private var deadline = Moment.distantFuture
    /// The earliest timer entry under way for this point, so that a later deadline adds none.
    private var armed = Moment.distantFuture

    /// On the loop only.
    package init(on loop: EventLoop) {
        self.loop = loop
        token = loop.attach(self)
        isAttached = true
    }

    /// Gives the slot back; to be called when the task is done, on the loop.
    package func detach() {
        guard isAttached else { return }
        isAttached = false
        loop.detach(token)
    }

    /// Watches a descriptor, edge-triggered, for the life of that descriptor.
    func watch(_ descriptor: Int32) throws(SystemError) {
        try loop.watch(descriptor, token: token, events: Self.edges)
    }

    /// What is ready of `interest`, waiting for it until `until`. The deadline and a hang-up always end a wait; being
    /// woken and shutting down end it for those that are interested. A wake is reported once, the others stay.
    package func wait(for interest: Readiness, until deadline: Moment = .distantFuture) async -> Readiness {
        let wanted = interest.union([.deadline, .hangUp])
        if ready.isDisjoint(with: wanted) {
            assert(waiter == nil, "one task at a time waits at a wait point")
            self.interest = wanted
            self.deadline = deadline
            arm(deadline)
            await withUnsafeContinuation { waiter = $0 }
        }
        let result = ready.intersection(wanted)
        ready.subtract(wanted.intersection([.woken, .deadline]))
        return result
    }

    /// Waits for nothing but time, a wake or the end.
    @discardableResult
    package func sleep(until deadline: Moment) async -> Readiness {
        await wait(for: [.woken, .shutdown], until: deadline)
    }

    /// Ends the wait of the task, from any thread.
    package func wake() {
        loop.wake(token)
    }

    /// The loop is about to end.
    package var isShuttingDown: Bool { ready.contains(.shutdown) }

    /// The other side is gone, and hears of nothing any more.
    package var isHungUp: Bool { ready.contains(.hangUp) }

    /// Whether bytes may have arrived that nobody has asked the kernel for.
    var isReadable: Bool { ready.contains(.readable) }

    /// The task found out that the descriptor is not ready after all.
    func consumed(_ readiness: Readiness) {
        // No edge tells of the end once more when it came together with the last bytes.
        ready.subtract(ready.contains(.ended) ? readiness.subtracting(.readable) : readiness)
    }

    /// On the loop: something became ready.
    func signal(_ readiness: Readiness) {
        ready.formUnion(readiness)
        guard let waiter, !ready.isDisjoint(with: interest) else { return }
        self.waiter = nil
        waiter.resume()
    }

    /// On the loop: a timer entry of this point has come up. Returns when to ask again.
    func timerFired(_ now: Moment) -> Moment? {
        armed = .distantFuture
        guard waiter != nil, deadline != .distantFuture else { return nil }
        guard deadline > now else {
            signal(.deadline)
            return nil
        }
        armed = deadline
        return deadline
    }

    private func arm(_ deadline: Moment) {
        guard deadline < armed else { return }
        armed = deadline
        loop.addTimer(token, at: deadline)
    }
}
