import P2PRuntime
import Peer
import Testing

@Suite struct UploadPaceTests {
    /// What each connection gets in twenty seconds of a clock that only waiting moves.
    private func send(_ pace: UploadPace, to takers: [IPAddress]) -> [IPAddress: Int] {
        let begin = Moment(nanoseconds: 1_000_000_000_000)
        var times = takers.map { _ in begin }
        var sent: [IPAddress: Int] = [:]
        for taker in takers { pace.begin(taker) }
        while let next = times.indices.min(by: { times[$0] < times[$1] }), times[next] < begin + .seconds(20) {
            let allowance = pace.allow(1 << 20, to: takers[next], now: times[next])
            times[next] = max(times[next] + .microseconds(50), allowance.start)
            sent[takers[next], default: 0] += allowance.count
        }
        for taker in takers { pace.end(taker) }
        return sent
    }

    private static let takers = [1, 2, 3].compactMap { IPAddress("10.0.0.\($0)") }

    @Test("[mission N14] each peer has its own bandwidth, however many connections it opens")
    func perPeer() throws {
        let pace = UploadPace(bytesPerTaker: 2_000_000)
        let greedy = Array(repeating: Self.takers[0], count: 4)
        let sent = send(pace, to: greedy + Self.takers[1...])
        #expect(sent.count == 3)
        for (taker, bytes) in sent { #expect(38_000_000...42_000_000 ~= bytes, "\(taker): \(bytes)") }
    }

    @Test("[mission N14] the limit of all peers together holds beside it, and is shared")
    func together() {
        let sent = send(UploadPace(bytesInAll: 3_000_000, bytesPerTaker: 2_000_000), to: Self.takers)
        let total = sent.values.reduce(0, +)
        #expect(57_000_000...63_000_000 ~= total, "\(total)")
        for (taker, bytes) in sent { #expect(16_000_000...24_000_000 ~= bytes, "\(taker): \(bytes)") }
    }

    @Test("[mission N14] a limit that is set later holds for uploads under way, and one that is lifted holds nobody")
    func later() throws {
        let pace = UploadPace()
        let (taker, now) = (Self.takers[0], Moment(nanoseconds: 1_000_000_000_000))
        pace.begin(taker)
        #expect(pace.allow(1 << 20, to: taker, now: now).count == 1 << 20)
        pace.set(bytesInAll: nil, bytesPerTaker: 100_000)
        // What was not used for a moment may be made up for.
        for _ in 0..<10 { #expect(pace.allow(1 << 20, to: taker, now: now).count < 1 << 20) }
        #expect(pace.allow(1, to: taker, now: now).start > now)
        #expect(pace.allow(1 << 20, to: Self.takers[1], now: now).start <= now)
        pace.set(bytesInAll: nil, bytesPerTaker: nil)
        let free = pace.allow(1 << 20, to: taker, now: now)
        #expect(free.count == 1 << 20 && free.start <= now)
        pace.end(taker)
    }
}
