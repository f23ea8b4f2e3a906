internal import Synchronization

/// The byte of a file under download that somebody wants to see next; it moves as they look on, or elsewhere.
package final class PlayPosition: Sendable {
    private static let none = -1

    private let position: Atomic<Int>

    package init(byte: Int? = nil) { position = Atomic(byte ?? Self.none) }

    /// Nil as long as nobody looks at it.
    package var byte: Int? {
        get {
            let byte = position.load(ordering: .relaxed)
            return byte == Self.none ? nil : byte
        }
        set { position.store(newValue ?? Self.none, ordering: .relaxed) }
    }
}
