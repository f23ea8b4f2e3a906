internal import P2PRuntime
internal import Synchronization

/// The library as it is browsed. Sorting millions of names takes a while, so a sorted share is used again until it is
/// old: at most a twentieth of the time goes into sorting, and a small share is always seen as it is.
final class ShareView: Sendable {
    private struct Cached {
        let share: SortedShare
        let expires: Moment
    }

    private static let reuse = 20
    private static let small = Duration.milliseconds(20)

    private let library: Library
    private let cached = Mutex<Cached?>(nil)

    init(_ library: Library) {
        self.library = library
    }

    /// The share, sorted. Takes a while for a large one: not for a loop's thread.
    func sorted() -> SortedShare {
        let start = Moment.now
        if let cached = cached.withLock({ $0 }), start < cached.expires { return cached.share }
        let share = SortedShare(sorted: library.list())
        let end = Moment.now
        let cost = end.since(start)
        if cost > Self.small {
            let fresh = Cached(share: share, expires: end + cost * Self.reuse)
            cached.withLock { $0 = fresh }
        }
        return share
    }
}
