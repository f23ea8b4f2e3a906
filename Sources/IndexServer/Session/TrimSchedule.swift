internal import P2PProtocol
package import P2PRuntime

/// When free memory is given back: in a quiet second, when there is more in use than after the last time, or a compaction
/// has left a whole catalog behind.
package struct TrimSchedule {
    private static let interval: Duration = .seconds(15)
    private static let growthBytes = 1 << 20
    /// Commands in the last second: as many are a quiet one.
    private static let quietCommands = 1_000

    private var last: Moment
    private var bytesAfter = 0
    private var commandsBefore = 0
    private var compactionsBefore = 0

    /// Nothing has been given back yet.
    package init(now: Moment) { last = now }

    /// To be asked about once a second, with the commands answered and the compactions made so far.
    package mutating func isDue(_ now: Moment, commands: Int, compactions: Int, resident: () -> Int) -> Bool {
        defer { commandsBefore = commands }
        guard commands - commandsBefore <= Self.quietCommands, now >= last + Self.interval else { return false }
        last = now
        defer { compactionsBefore = compactions }
        return compactions > compactionsBefore || resident() > bytesAfter + Self.growthBytes
    }

    /// It was given back, and so much is still in use.
    package mutating func noteTrimmed(leaving bytes: Int) { bytesAfter = bytes }
}
