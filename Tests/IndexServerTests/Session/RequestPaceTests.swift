import IndexServer
import P2PProtocol
import P2PRuntime
import Testing

@Suite struct RequestPaceTests {
    private let start = Moment(nanoseconds: 1_000_000_000_000)
    private let near: IPAddress
    private let far: IPAddress
    private let bob: AccountName

    init() throws {
        near = try #require(IPAddress("10.0.0.7"))
        far = try #require(IPAddress("10.0.0.8"))
        bob = try #require(AccountName(Bytes(ascii: "bob")))
    }

    private func at(_ seconds: Double) -> Moment { start + .nanoseconds(Int64(seconds * 1e9)) }

    @Test("a second's worth may come at once, then as many as time passes")
    func pace() throws {
        #expect(RequestPace(perSecond: 0) == nil)
        let pace = try #require(RequestPace(perSecond: 100))
        #expect(pace.charge(100, from: near, nil, now: start) == nil)
        #expect(pace.charge(50, from: near, nil, now: start) == at(0.5))
        #expect(pace.charge(1, from: far, nil, now: start) == nil)
        #expect(pace.charge(10, from: near, nil, now: at(0.5)) == at(0.6))
        // However long it was silent, no more than a second is made up for.
        #expect(pace.charge(200, from: near, nil, now: at(100)) == at(101))
    }

    @Test("an account that comes from several addresses has one share")
    func accounts() throws {
        let pace = try #require(RequestPace(perSecond: 100))
        #expect(pace.charge(60, from: near, bob, now: start) == nil)
        #expect(pace.charge(60, from: far, bob, now: start) == at(0.2))
        #expect(pace.charge(30, from: far, nil, now: start) == nil)
    }
}
