internal import Glibc

/// A condition variable that cannot miss: a waiter says which ticket it saw, and sleeps only while it is the newest.
///
/// SAFETY: every access to `count` is under `mutex`; both pthread objects live at stable addresses until deinit.
final class ThreadSignal: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var count: UInt64 = 0

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    var ticket: UInt64 {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return count
    }

    func notify() {
        pthread_mutex_lock(mutex)
        count &+= 1
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    func notifyAll() {
        pthread_mutex_lock(mutex)
        count &+= 1
        pthread_cond_broadcast(condition)
        pthread_mutex_unlock(mutex)
    }

    func wait(beyond ticket: UInt64) {
        pthread_mutex_lock(mutex)
        while count == ticket { pthread_cond_wait(condition, mutex) }
        pthread_mutex_unlock(mutex)
    }

    /// The same, for a limited time. The condition counts by the wall clock: for waits where a jump does no harm.
    func wait(beyond ticket: UInt64, atMost limit: Duration) {
        var end = timespec()
        clock_gettime(CLOCK_REALTIME, &end)
        let nanoseconds = Int(end.tv_nsec) + Int(clamping: min(limit.wholeNanoseconds, 1_000_000_000_000))
        end.tv_sec += nanoseconds / 1_000_000_000
        end.tv_nsec = nanoseconds % 1_000_000_000
        pthread_mutex_lock(mutex)
        var isOver = false
        while count == ticket, !isOver { isOver = pthread_cond_timedwait(condition, mutex, &end) != 0 }
        pthread_mutex_unlock(mutex)
    }
}
