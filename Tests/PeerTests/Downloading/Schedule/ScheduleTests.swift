import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

@Suite struct ScheduleTests {
    typealias Actor = SwarmSimulation.Actor

    @Test("one source is kept busy with long runs, in order from a random place")
    func alone() throws {
        var simulation = try SwarmSimulation(megabytes: 300, [Actor(bytesPerSecond: 1e8)], seed: 7)
        try simulation.complete(within: 10)
        #expect(simulation.seconds < 3.5, "\(simulation.seconds)")
        let start = simulation.order[0]
        #expect(simulation.order == Array(start..<300) + Array(0..<start))
        #expect(simulation.honestBytes == Double(300 << 20))
        #expect(simulation.offences.isEmpty, "\(simulation.offences)")
    }

    @Test("from the front when somebody looks at the file already")
    func front() throws {
        var simulation = try SwarmSimulation(megabytes: 100, [Actor(), Actor()], preferring: .front)
        try simulation.complete()
        // Two at a time: never further ahead than what both are at.
        #expect(simulation.order.enumerated().allSatisfy { abs($0.offset - $0.element) < 16 })
    }

    @Test("from where somebody looks at the file, also when they look elsewhere; the rest comes behind")
    func moving() throws {
        let actors = Array(repeating: Actor(bytesPerSecond: 5e6), count: 2)
        var simulation = try SwarmSimulation(megabytes: 100, actors)
        simulation.schedule.play(from: 40 << 20)
        while simulation.order.count < 20 { simulation.advance() }
        #expect(simulation.order.allSatisfy { 40..<70 ~= $0 }, "\(simulation.order)")
        simulation.schedule.play(from: (80 << 20) + 17)
        let before = simulation.order.count
        // Each brings the piece to its end that it is at, then it is what is looked at.
        while simulation.order.count < before + 20 { simulation.advance() }
        let next = simulation.order[before...]
        #expect(next.count { $0 >= 80 } >= 18, "\(next)")
        try simulation.complete()
        #expect(simulation.offences.isEmpty, "\(simulation.offences)")
    }

    @Test("four sources give side by side, each by its speed")
    func sideBySide() throws {
        let speeds = [1e6, 2e6, 4e6, 8e6]
        var simulation = try SwarmSimulation(megabytes: 150, speeds.map { Actor(bytesPerSecond: $0) })
        try simulation.complete()
        let best = Double(150 << 20) / speeds.reduce(0, +)
        #expect(simulation.seconds < best * 1.1 + 1, "\(simulation.seconds) of \(best)")
        #expect((1..<4).allSatisfy { simulation.given(by: $0) > simulation.given(by: $0 - 1) })
        #expect(simulation.offences.isEmpty, "\(simulation.offences)")
    }

    @Test("[attack A64] a source that all but stops on the last piece is overtaken")
    func slowLast() throws {
        var simulation = try SwarmSimulation(megabytes: 40, [Actor(bytesPerSecond: 60), Actor(bytesPerSecond: 5e6)])
        try simulation.complete(within: 20)
        #expect(simulation.offences.isEmpty, "\(simulation.offences)")
    }

    @Test("[fault F27] who falls silent loses its range to the others, and is tried again when nobody else is there")
    func silent() throws {
        let silent = Actor(manner: .stalls(after: 5 << 20))
        var simulation = try SwarmSimulation(megabytes: 60, [silent, silent, Actor(bytesPerSecond: 5e6)])
        try simulation.complete(within: 20)
        #expect(simulation.offences.isEmpty, "\(simulation.offences)")
    }

    @Test(
        "[attack A63] one honest source and seven liars: it completes, and each liar costs one piece", arguments: 1...10
    )
    func liars(seed: UInt64) throws {
        let liars = Array(repeating: Actor(manner: .liar), count: 7)
        var simulation = try SwarmSimulation(megabytes: 50, liars + [Actor(bytesPerSecond: 5e6)], seed: seed)
        try simulation.complete(within: 60)
        #expect(simulation.lies.values.allSatisfy { $0 == 1 }, "\(simulation.lies)")
        #expect(simulation.offences.isEmpty, "\(simulation.offences)")
    }

    @Test("[fault F26] a source that breaks off again and again is asked again as long as it gives something")
    func drops() throws {
        var simulation = try SwarmSimulation(megabytes: 40, [Actor(manner: .drops(every: 2_500_000))])
        try simulation.complete(within: 120)
        #expect(simulation.offences.isEmpty, "\(simulation.offences)")
    }

    @Test("who fails without giving anything is left alone in the end; the schedule then says that nobody is left")
    func forsaken() throws {
        var simulation = try SwarmSimulation(
            megabytes: 4, [Actor(manner: .drops(every: 1)), Actor(manner: .refuses), Actor(manner: .liar)])
        #expect(!simulation.schedule.isForsaken(at: simulation.now))
        let early = simulation.run(seconds: 20)
        #expect(!early)
        #expect(simulation.schedule.isForsaken(at: simulation.now))
        simulation.add(Actor())
        #expect(!simulation.schedule.isForsaken(at: simulation.now))
        try simulation.complete(within: 30)
    }

    @Test("[fault F27] the only source goes away in the middle and comes back: it is waited for, though not for ever")
    func comesBack() throws {
        var simulation = try SwarmSimulation(megabytes: 60, [Actor(manner: .away(3..<25), bytesPerSecond: 5e6)])
        while simulation.seconds < 25 {
            simulation.advance()
            #expect(!simulation.schedule.isForsaken(at: simulation.now))
        }
        try simulation.complete(within: 60)
        var lost = try SwarmSimulation(megabytes: 60, [Actor(manner: .away(3..<999), bytesPerSecond: 5e6)])
        let isThere = lost.run(seconds: 40)
        #expect(!isThere && lost.schedule.isForsaken(at: lost.now))
    }

    @Test("a busy source is asked again when it said, not sooner")
    func busy() throws {
        var simulation = try SwarmSimulation(megabytes: 4, [Actor(manner: .busy(times: 3))])
        let early = simulation.run(seconds: 5.9)
        #expect(!early)
        try simulation.complete(within: 8)
    }

    @Test("the rarest pieces come first, and parts are taken from those who have them")
    func rarest() throws {
        var common = PieceSet(count: 60)
        for piece in 0..<50 { common.insert(piece) }
        let partial = Actor(has: common)
        var simulation = try SwarmSimulation(megabytes: 60, [Actor(bytesPerSecond: 2e6), partial, partial], seed: 3)
        try simulation.complete(within: 20)
        // The last ten are with the slow one alone: it is asked for nothing else before them.
        #expect(simulation.order.filter { $0 >= 50 }.count == 10)
        #expect(simulation.given(by: 0) <= 14 << 20, "\(simulation.given(by: 0))")
        #expect(simulation.offences.isEmpty, "\(simulation.offences)")
    }

    @Test("[attack A67] no more than twenty are connected, and four at one address")
    func crowd() throws {
        var schedule = Schedule(try #require(PieceGeometry(size: 1 << 30)), seed: 1)
        let now = Moment(nanoseconds: 1)
        let address = try #require(IPAddress(literal: Bytes(ascii: "192.0.2.7")))
        for _ in 0..<5_000 { _ = schedule.add(host: address, at: now) }
        let oneTooMany = schedule.add(at: now)
        #expect(oneTooMany == nil)
        var engaged = 0
        while schedule.engage(at: now) != nil { engaged += 1 }
        #expect(engaged == 4)
        var wide = Schedule(try #require(PieceGeometry(size: 1 << 30)), seed: 1)
        for _ in 0..<100 { _ = wide.add(at: now) }
        engaged = 0
        while wide.engage(at: now) != nil { engaged += 1 }
        #expect(engaged == 20)
    }

    @Test("[attack A67] of a hundred thousand sources ten live: the first piece is there in five seconds")
    func manyDead() throws {
        let dead = Actor(manner: .away(0..<3_600))
        var simulation = try SwarmSimulation(megabytes: 4, [])
        for number in 0..<100_000 {
            let isHonest = number % 500 == 499 && number < 5_000
            simulation.add(isHonest ? Actor(bytesPerSecond: 1e6) : dead)
        }
        _ = simulation.run(seconds: 5)
        #expect(simulation.schedule.done.filled > 0)
        try simulation.complete(within: 30)
    }

    @Test("[attack A67] who does not answer makes room for those who wait")
    func mute() throws {
        let mute = Array(repeating: Actor(manner: .mute), count: 70)
        var simulation = try SwarmSimulation(megabytes: 20, mute + [Actor(bytesPerSecond: 5e6)])
        try simulation.complete(within: 18)
    }

    @Test("[fault F22] a source that waits for our own disk is not blamed for it")
    func slowDisk() throws {
        var schedule = Schedule(try #require(PieceGeometry(size: 8 << 20)), seed: 1)
        var now = Moment(nanoseconds: 1)
        let added = schedule.add(at: now)
        let source = try #require(added)
        _ = schedule.engage(at: now)
        let asked = schedule.next(for: source, at: now)
        let run = try #require(asked)
        schedule.arrived(1_000, from: source, at: now)
        schedule.holdUp(source, true, at: now)
        now = now + .seconds(60)
        let blamed = schedule.findStalled(at: now)
        #expect(blamed.isEmpty)
        schedule.holdUp(source, false, at: now)
        now = now + .seconds(4)
        let stillPatient = schedule.findStalled(at: now)
        #expect(stillPatient.isEmpty && schedule.expects(run.lowerBound, from: source))
        now = now + .seconds(2)
        let stalled = schedule.findStalled(at: now)
        #expect(stalled == [source])
    }

    @Test("[fault F8] while there is no room nothing is asked for, and nobody is blamed")
    func paused() throws {
        var simulation = try SwarmSimulation(megabytes: 20, [Actor(bytesPerSecond: 2e6), Actor(bytesPerSecond: 2e6)])
        _ = simulation.run(seconds: 2)
        simulation.schedule.pause(at: simulation.now)
        _ = simulation.run(seconds: 4)
        let there = simulation.schedule.done.filled
        let early = simulation.run(seconds: 300)
        #expect(
            !early && simulation.schedule.done.filled == there && !simulation.schedule.isForsaken(at: simulation.now))
        simulation.schedule.resume(at: simulation.now)
        try simulation.complete(within: 312)
        #expect(simulation.offences.isEmpty, "\(simulation.offences)")
    }

    @Test("pieces that were there already are not asked for; those that were lost again are")
    func held() throws {
        var simulation = try SwarmSimulation(megabytes: 10, [Actor()])
        var there = PieceSet(count: 10)
        for piece in [0, 1, 2, 5, 9] { there.insert(piece) }
        simulation.schedule.hold(there, at: simulation.now)
        #expect(simulation.schedule.missing == 5)
        simulation.schedule.lose([2, 3])
        try simulation.complete(within: 20)
        #expect(simulation.order.sorted() == [2, 3, 4, 6, 7, 8])
    }
}
