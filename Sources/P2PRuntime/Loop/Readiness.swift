/// What a task on a loop can wait for.
package struct Readiness: OptionSet, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let readable = Readiness(rawValue: 1)
    package static let writable = Readiness(rawValue: 2)
    /// The other side is gone, or the descriptor has an error: reading tells which.
    package static let hangUp = Readiness(rawValue: 4)
    /// Another thread called `wake()`.
    package static let woken = Readiness(rawValue: 8)
    /// The deadline of the wait has passed.
    package static let deadline = Readiness(rawValue: 16)
    /// The loop drains: finish and leave. Once set it stays.
    package static let shutdown = Readiness(rawValue: 32)
    /// The other side sends nothing more: what it sent can be read, then the end, without waiting.
    package static let ended = Readiness(rawValue: 64)
}
