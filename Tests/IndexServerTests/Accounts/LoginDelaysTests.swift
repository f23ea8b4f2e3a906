import IndexServer
import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

@Suite struct LoginDelaysTests {
    private static let start = Moment(nanoseconds: 1_000_000_000_000)
    private static let ann = Bytes(ascii: "ann")
    private static let bob = Bytes(ascii: "bob")

    private static func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

    /// How long a try has to wait; nil when it is refused.
    private static func wait(
        _ delays: inout LoginDelays, _ user: Bytes, _ address: IPAddress, at now: Moment = start
    ) -> Duration? {
        delays.reserve(user, from: address, now: now).map { $0.since(now) }
    }

    @Test("[attack A23] each failure of an address makes its next try wait longer, up to a ceiling, whatever it tries")
    func growth() throws {
        var delays = LoginDelays(unit: .seconds(1), countsLoopback: false)
        let guesser = try Self.address("10.0.0.1")
        var waits: [Duration] = []
        var now = Self.start
        for user in [Self.ann, Self.bob, Bytes(ascii: "cid"), Self.ann, Self.bob, Self.ann, Self.ann] {
            let wait = try #require(Self.wait(&delays, user, guesser, at: now))
            waits.append(wait)
            now = now + wait
            delays.noteFailure(user, from: guesser, now: now)
        }
        #expect(waits == [0, 1, 2, 4, 8, 16, 30].map { .seconds($0) })
    }

    @Test("[attack A23] tries at the same time wait for one another, and then are refused")
    func atOnce() throws {
        var delays = LoginDelays(unit: .seconds(10), countsLoopback: false)
        let guesser = try Self.address("10.0.0.1")
        delays.noteFailure(Self.ann, from: guesser, now: Self.start)
        let waits = (0..<5).map { _ in Self.wait(&delays, Self.ann, guesser) }
        #expect(waits == [.seconds(10), .seconds(20), .seconds(30), nil, nil])
    }

    @Test("[attack A23] an account that many try makes them slower, and locks nobody out who comes from elsewhere")
    func account() throws {
        var delays = LoginDelays(unit: .seconds(1), countsLoopback: false)
        let guessers = try (1...20).map { try Self.address("10.0.0.\($0)") }
        for guesser in guessers { delays.noteFailure(Self.ann, from: guesser, now: Self.start) }
        #expect(Self.wait(&delays, Self.ann, guessers[19]) == .seconds(30))
        #expect(Self.wait(&delays, Self.ann, try Self.address("10.0.1.1")) == .zero)
        #expect(Self.wait(&delays, Self.bob, try Self.address("10.0.1.1")) == .zero)
    }

    @Test("an IPv6 address is its network; loopback is told apart by account unless it is counted")
    func sources() throws {
        var delays = LoginDelays(unit: .seconds(1), countsLoopback: false)
        delays.noteFailure(Self.ann, from: try Self.address("2001:db8::1"), now: Self.start)
        #expect(Self.wait(&delays, Self.bob, try Self.address("2001:db8::ffff")) == .seconds(1))
        #expect(Self.wait(&delays, Self.bob, try Self.address("2001:db8:0:1::1")) == .zero)
        delays.noteFailure(Self.ann, from: .loopback, now: Self.start)
        #expect(Self.wait(&delays, Self.bob, .loopback) == .zero)
        #expect(Self.wait(&delays, Self.ann, .loopback) == .seconds(2))
        var counted = LoginDelays(unit: .seconds(1), countsLoopback: true)
        counted.noteFailure(Self.ann, from: .loopback, now: Self.start)
        #expect(Self.wait(&counted, Self.bob, .loopback) == .seconds(1))
    }

    @Test("failures are forgotten in time; without a delay nothing is kept")
    func forgetting() throws {
        var delays = LoginDelays(unit: .seconds(1), countsLoopback: false)
        let guesser = try Self.address("10.0.0.1")
        for _ in 0..<10 { delays.noteFailure(Self.ann, from: guesser, now: Self.start) }
        let later = Self.start + LoginDelays.memory
        #expect(Self.wait(&delays, Self.ann, guesser, at: later) == .zero)
        delays.noteFailure(Self.ann, from: guesser, now: later)
        #expect(Self.wait(&delays, Self.ann, guesser, at: later) == .seconds(1))
        var none = LoginDelays(unit: .zero, countsLoopback: true)
        for _ in 0..<10 { none.noteFailure(Self.ann, from: guesser, now: Self.start) }
        #expect(none.count == 0 && Self.wait(&none, Self.ann, guesser) == .zero)
    }

    @Test("[attack A24] a flood of names and addresses fills no memory")
    func bounded() throws {
        var delays = LoginDelays(unit: .seconds(1), countsLoopback: false)
        for number in 0..<30_000 {
            let address = try #require(IPAddress(network: [10, 1, UInt8(number >> 8 & 255), UInt8(number & 255)]))
            let name = Bytes("u\(number)".utf8) + Bytes(repeating: 0x61, count: 100)
            delays.noteFailure(name, from: address, now: Self.start + .milliseconds(number))
        }
        #expect(delays.count <= LoginDelays.capacity)
    }
}
