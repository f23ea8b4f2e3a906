import P2PProtocol
import Peer
import TestSupport
import Testing

/// Swarms that nobody wrote down.
@Suite struct ScheduleSwarmTests {
    @Test(
        "[attack A65] [attack A66] any mixture of sources with one honest one comes to its end, with little asked twice",
        arguments: 1...200)
    func mixtures(seed: UInt64) throws {
        var random = Seeded(seed: seed)
        let megabytes = Int.random(in: 1...80, using: &random)
        var actors = (0..<Int.random(in: 0...12, using: &random)).map { _ in Self.actor(megabytes, &random) }
        let place = Int.random(in: 0...actors.count, using: &random)
        actors.insert(SwarmSimulation.Actor(bytesPerSecond: Double.random(in: 1e6...2e7, using: &random)), at: place)
        let preference: Schedule.Preference = Bool.random(using: &random) ? .rarest : .front
        var simulation = try SwarmSimulation(megabytes: megabytes, actors, preferring: preference, seed: seed)
        // At worst the honest one gives it all, behind some stalls.
        let limit = Double(megabytes << 20) / actors[place].bytesPerSecond + 20
        try simulation.complete(within: limit)
        #expect(simulation.offences.isEmpty, "\(simulation.offences)")
        // What broke off or was overtaken in the middle of a piece: at most a few of each.
        let waste = simulation.honestBytes - Double(megabytes << 20)
        #expect(waste < Double((actors.count * 6) << 20), "\(waste)")
        #expect(simulation.lies.values.allSatisfy { $0 == 1 })
    }

    private static func actor(_ megabytes: Int, _ random: inout Seeded) -> SwarmSimulation.Actor {
        var actor = SwarmSimulation.Actor(bytesPerSecond: Double.random(in: 1e4...1e7, using: &random))
        switch Int.random(in: 0..<8, using: &random) {
        case 0: actor.manner = .liar
        case 1: actor.manner = .stalls(after: Int.random(in: 0...8 << 20, using: &random))
        case 2: actor.manner = .drops(every: Int.random(in: 1...4 << 20, using: &random))
        case 3: actor.manner = .refuses
        case 4: actor.manner = .busy(times: Int.random(in: 1...4, using: &random))
        case 5:
            var has = PieceSet(count: megabytes)
            for piece in 0..<megabytes where Bool.random(using: &random) { has.insert(piece) }
            actor.has = has
        default: break
        }
        return actor
    }
}
