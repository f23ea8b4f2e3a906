package import P2PRuntime
internal import Synchronization

/// How fast all downloads together may be. Every portion is paid for once it has come, by waiting before the next one
/// is read: the sender is held back by its own full socket.
package final class DownloadPace: Sendable {
    private let throttle: Mutex<Throttle?>

    /// Bytes a second; nil is no limit.
    package init(bytesPerSecond: Int? = nil) {
        throttle = Mutex(bytesPerSecond.map { Throttle(bytesPerSecond: $0) })
    }

    /// From now on so many bytes a second.
    package func set(bytesPerSecond: Int?) {
        throttle.withLock { $0 = bytesPerSecond.map { Throttle(bytesPerSecond: $0) } }
    }

    /// The most to be read at once; nil for as much as there is.
    package var portion: Int? { throttle.withLock { $0?.portion } }

    /// When to go on after these bytes; nil for at once.
    package func pay(for count: Int, now: Moment) -> Moment? {
        throttle.withLock { throttle in
            guard let end = throttle?.spend(count, now: now), end > now else { return nil }
            return end
        }
    }
}
