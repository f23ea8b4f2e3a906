import P2PRuntime
import TestSupport
import Testing

@Suite struct TimerQueueTests {
    @Test("gives tokens back in the order of their deadlines, never early", arguments: 1...20)
    func order(seed: UInt64) {
        var random = Seeded(seed: seed)
        var queue = TimerQueue()
        let deadlines = (0..<200).map { _ in Moment(nanoseconds: .random(in: 0..<1_000, using: &random)) }
        for (token, deadline) in deadlines.enumerated() { queue.add(UInt64(token), at: deadline) }
        var popped: [Moment] = []
        for now in stride(from: Int64(0), through: 1_007, by: 7) {
            while let token = queue.popDue(Moment(nanoseconds: now)) {
                #expect(deadlines[Int(token)].nanoseconds <= now)
                popped.append(deadlines[Int(token)])
            }
        }
        #expect(popped == deadlines.sorted())
        #expect(queue.next == nil)
    }
}
