import IndexServer
import P2PRuntime
import Testing

@Suite struct IDBudgetTests {
    @Test("[attack A29] an address gets so many ids a minute, whatever the others take")
    func perMinute() throws {
        var budget = IDBudget(perMinute: 2)
        let (one, other) = (IPAddress.loopback, try #require(IPAddress(literal: Array("10.0.0.7".utf8))))
        let start = Moment(nanoseconds: 1_000_000_000_000)
        let taken = (0..<3).map { _ in budget.take(one, now: start) }
        #expect(taken == [true, true, false])
        let others = budget.take(other, now: start)
        #expect(others)
        let soon = budget.take(one, now: start + .seconds(59))
        #expect(!soon)
        let later = budget.take(one, now: start + .seconds(60))
        #expect(later)
    }
}
