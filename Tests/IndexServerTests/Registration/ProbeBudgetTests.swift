import IndexServer
import P2PRuntime
import Testing

@Suite struct ProbeBudgetTests {
    private let start = Moment(nanoseconds: 1_000_000_000)

    private func endpoint(_ port: UInt16) -> Endpoint { Endpoint(address: .loopback, port: port) }

    @Test("[attack A31] a second proof of one port within the minute waits for the minute's end")
    func port() {
        var budget = ProbeBudget(perPort: 1, perHost: 10)
        #expect(budget.reserve(endpoint(5_000), now: start) == start)
        #expect(budget.reserve(endpoint(5_000), now: start + .seconds(1)) == start + .seconds(60))
        #expect(budget.reserve(endpoint(5_001), now: start + .seconds(1)) == start + .seconds(1))
        #expect(budget.reserve(endpoint(5_000), now: start + .seconds(200)) == start + .seconds(200))
    }

    @Test(
        "[attack A31] ten thousand registrations with successive ports make ten proofs a minute, and most are refused")
    func host() {
        var budget = ProbeBudget(perPort: 1, perHost: 10)
        let starts = (0..<10_000).compactMap { budget.reserve(endpoint(UInt16(10_000 + $0)), now: start) }
        #expect(starts.filter { $0 < start + .seconds(60) }.count == 10)
        #expect(starts.count == 110)
        #expect(starts == starts.sorted())
    }

    @Test("an address has as many connections as it may, and gets them back")
    func count() throws {
        let remote = try #require(IPAddress("10.0.0.7"))
        let count = AddressCount(limit: 2, countsLoopback: false)
        #expect(count.enter(remote) && count.enter(remote) && !count.enter(remote))
        count.leave(remote)
        #expect(count.enter(remote))
        #expect((0..<100).allSatisfy { _ in count.enter(.loopback) })
        let strict = AddressCount(limit: 1, countsLoopback: true)
        #expect(strict.enter(.loopback) && !strict.enter(.loopback))
    }
}
