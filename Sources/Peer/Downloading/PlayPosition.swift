internal import Synchronization

/// The byte of a file under download that somebody wants to see next; it moves as they look on, or elsewhere.
package final class PlayPosition: Sendable {
    private let position: Atomic<Int>

    package init(byte: Int = 0) { position = Atomic(byte) }

    package var byte: Int {
        get { position.load(ordering: .relaxed) }
        set { position.store(newValue, ordering: .relaxed) }
    }
}
