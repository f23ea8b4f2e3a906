internal import P2PProtocol
internal import P2PRuntime

/// When free memory is given back: in a quiet second, when there is more in use than after the last time, or a compaction
/// has left a whole catalog behind.
struct TrimSchedule {
    private static let interval: Duration = .seconds(15)
    private static let growthBytes = 1 << 20
    /// Commands in the last second: as many are a quiet one.
    private static let quietCommands = 1_000

    private var last: Moment
    private var bytesAfter = 0
    private var commandsBefore = 0
    private var compactionsBefore = 0

    init(now: Moment) { last = now }

    /// To be asked about once a second, with the commands answered and the compactions made so far.
    mutating func isDue(_ now: Moment, commands: Int, compactions: Int, resident: () -> Int) -> Bool {
        defer { commandsBefore = commands }
        guard commands - commandsBefore <= Self.quietCommands, now >= last + Self.interval else { return false }
        last = now
        defer { compactionsBefore = compactions }
        return compactions > compactionsBefore || resident() > bytesAfter + Self.growthBytes
    }

    mutating func noteTrimmed(leaving bytes: Int) { bytesAfter = bytes }
}
