import P2PRuntime
import Testing

@Suite struct ThrottleTests {
    @Test(
        "takes as long as its rate says, however many share it",
        arguments: [1, 4], [10_000, 5_000_000, 200_000_000])
    func rate(_ users: Int, _ rate: Int) {
        var throttle = Throttle(bytesPerSecond: rate)
        let begin = Moment(nanoseconds: 1_000_000_000_000)
        var times = [Moment](repeating: begin, count: users)
        var sent = [Int](repeating: 0, count: users)
        let end = begin + .seconds(20)
        // Who is ready first asks next.
        while let user = times.indices.min(by: { times[$0] < times[$1] }), times[user] < end {
            times[user] = max(times[user], throttle.reserve(throttle.portion, now: times[user]))
            if times[user] < end { sent[user] += throttle.portion }
        }
        let total = sent.reduce(0, +)
        #expect(abs(total - 20 * rate) * 20 < 20 * rate)
        // Who comes first may have what was not used before.
        #expect((sent.max() ?? 0) - (sent.min() ?? 0) <= rate / 20 + throttle.portion * 2)
    }

    @Test("what was not used is lost but for a moment")
    func idle() {
        var throttle = Throttle(bytesPerSecond: 1_000_000)
        let now = Moment(nanoseconds: 60_000_000_000)
        let starts = [50_000, 1, 1_000_000, 1].map { throttle.reserve($0, now: now) }
        #expect(starts[1] <= now + .milliseconds(1))
        #expect(starts[2] <= now + .milliseconds(1))
        #expect(starts[3] > now + .milliseconds(990))
    }
}
