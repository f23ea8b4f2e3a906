import IndexServer
import P2PRuntime
import Testing

@Suite struct TrimScheduleTests {
    private static let start = Moment(nanoseconds: 0)
    private static let mebibyte = 1 << 20

    /// Whether it is due so many seconds after the start, after a trim that left 100 MiB.
    private static func isDue(
        after seconds: Int, commands: Int = 0, compactions: Int = 0, growth: Int = 0
    ) -> Bool {
        var trims = TrimSchedule(now: start)
        trims.noteTrimmed(leaving: 100 * mebibyte)
        return trims.isDue(
            start + .seconds(seconds), commands: commands, compactions: compactions,
            resident: { 100 * mebibyte + growth })
    }

    @Test("memory is given back in a quiet second, when there is more of it or a compaction has left some")
    func due() {
        #expect(Self.isDue(after: 20, growth: 2 * Self.mebibyte))
        #expect(!Self.isDue(after: 20, growth: Self.mebibyte / 2))
        #expect(Self.isDue(after: 20, compactions: 1))
        #expect(!Self.isDue(after: 5, compactions: 1, growth: 2 * Self.mebibyte))
        #expect(!Self.isDue(after: 20, commands: 5_000, growth: 2 * Self.mebibyte))
    }

    @Test("a compaction in a busy second is not forgotten, and is not counted twice")
    func later() {
        var trims = TrimSchedule(now: Self.start)
        func isDue(_ seconds: Int, _ commands: Int) -> Bool {
            trims.isDue(Self.start + .seconds(seconds), commands: commands, compactions: 1, resident: { 0 })
        }
        #expect(!isDue(20, 5_000))
        #expect(isDue(21, 5_000))
        #expect(!isDue(40, 5_000))
    }
}
