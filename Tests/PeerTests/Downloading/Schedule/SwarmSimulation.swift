import P2PProtocol
import P2PRuntime
import Peer
import TestSupport

/// A download without sockets: scripted sources give to a schedule in steps of a simulated clock.
struct SwarmSimulation {
    /// What a source does; sizes in bytes, as it counts them itself.
    enum Manner: Sendable {
        case honest
        case liar
        /// Gives so much, then keeps silent for ever.
        case stalls(after: Int)
        /// Breaks the connection each time that it has given so much.
        case drops(every: Int)
        case refuses
        /// Cannot be reached in these seconds.
        case away(Range<Double>)
        /// Is there and never answers.
        case mute
        /// Says so the first times.
        case busy(times: Int)
    }

    struct Actor: Sendable {
        var manner = Manner.honest
        var bytesPerSecond = 10_000_000.0
        var has: PieceSet?
    }

    private struct Hand {
        var actor: Actor
        /// What it thinks it was asked for.
        var run: Range<Int>?
        var bytes = 0.0
        var given = 0
        var visits = 0
        var isConnected = false
    }

    static let step: Duration = .milliseconds(20)

    var schedule: Schedule
    private(set) var now = Moment(nanoseconds: 1)
    private var hands: [Hand] = []
    /// Bytes that came from sources that do not lie.
    private(set) var honestBytes = 0.0
    /// Wrong pieces by source.
    private(set) var lies: [Int: Int] = [:]
    /// What must never happen, and did.
    private(set) var offences: [String] = []
    /// Pieces in the order in which they became done.
    private(set) var order: [Int] = []

    init(megabytes: Int, _ actors: [Actor], preferring preference: Schedule.Preference = .rarest, seed: UInt64 = 1)
        throws
    {
        guard let geometry = PieceGeometry(size: megabytes << 20) else { throw TestFailure("no such size") }
        schedule = Schedule(geometry, preferring: preference, seed: seed)
        for actor in actors { add(actor) }
    }

    mutating func add(_ actor: Actor) {
        guard let number = schedule.add(isPartial: actor.has != nil, at: now) else { return }
        if let has = actor.has { schedule.set(has, of: number) }
        hands.append(Hand(actor: actor))
    }

    var seconds: Double { now.since(Moment(nanoseconds: 1)).inSeconds }
    func given(by source: Int) -> Int { hands[source].given }

    /// Goes on until everything is there or so many seconds have passed; whether it is.
    mutating func run(seconds limit: Double = 3_600) -> Bool {
        while !schedule.isComplete, seconds < limit { advance() }
        return schedule.isComplete
    }

    /// The same for a download that must be done by then.
    mutating func complete(within limit: Double = 3_600) throws {
        guard run(seconds: limit) else {
            throw TestFailure("\(schedule.done.filled) pieces of \(schedule.done.count) in \(seconds) s")
        }
    }

    mutating func advance() {
        now = now + Self.step
        for source in schedule.findStalled(at: now) { leave(source, .failed("fell silent")) }
        while let source = schedule.engage(at: now) { visit(source) }
        for source in hands.indices where hands[source].isConnected {
            if hands[source].run == nil { ask(source) }
            give(source)
        }
    }

    private mutating func visit(_ source: Int) {
        hands[source].isConnected = true
        hands[source].visits += 1
        switch hands[source].actor.manner {
        case .refuses: leave(source, .refused(.notFound))
        case .away(let span) where span.contains(seconds): leave(source, .failed("connection refused"))
        case .busy(let times) where hands[source].visits <= times: leave(source, .busy(retryAfterSeconds: 2))
        default: break
        }
    }

    private mutating func leave(_ source: Int, _ fault: SourceFault) {
        schedule.release(source, because: fault, at: now)
        leave(source)
    }

    private mutating func leave(_ source: Int) {
        hands[source].isConnected = false
        hands[source].run = nil
        hands[source].bytes = 0
    }

    private mutating func ask(_ source: Int) {
        let isEndgame = schedule.missing == 0
        guard let run = schedule.next(for: source, at: now) else { return }
        if let has = hands[source].actor.has, !run.allSatisfy(has.contains) {
            offences.append("asked for what it lacks")
        }
        if run.count > 64 { offences.append("a run of \(run.count)") }
        for other in hands.indices where hands[other].run?.overlaps(run) == true {
            guard let rest = hands[other].run else { continue }
            if !isEndgame, rest.lowerBound >= run.lowerBound { offences.append("asked twice: \(run), \(rest)") }
            if rest.lowerBound < run.lowerBound { hands[other].run = rest.lowerBound..<run.lowerBound }
        }
        for piece in run where schedule.done.contains(piece) { offences.append("\(piece) was done already") }
        hands[source].run = run
        hands[source].bytes = 0
    }

    private mutating func give(_ source: Int) {
        var budget = hands[source].actor.bytesPerSecond * Self.step.inSeconds
        while budget > 0, hands[source].isConnected, let run = hands[source].run {
            guard schedule.expects(run.lowerBound, from: source) else {
                hands[source].run = nil
                return
            }
            if case .away(let span) = hands[source].actor.manner, span.contains(seconds) {
                return leave(source, .failed("closed early"))
            }
            if case .mute = hands[source].actor.manner { return }
            if case .stalls(let limit) = hands[source].actor.manner, hands[source].given >= limit { return }
            let count = min(budget, Double(1 << 20) - hands[source].bytes)
            budget -= count
            hands[source].bytes += count
            hands[source].given += Int(count)
            if count >= 1 { schedule.arrived(Int(count), from: source, at: now) }
            if case .liar = hands[source].actor.manner {} else { honestBytes += count }
            if case .drops(let size) = hands[source].actor.manner, hands[source].given >= size {
                hands[source].given = 0
                return leave(source, .failed("closed early"))
            }
            if hands[source].bytes >= Double(1 << 20) { finish(run.lowerBound, source, run) }
        }
    }

    private mutating func finish(_ piece: Int, _ source: Int, _ run: Range<Int>) {
        hands[source].bytes = 0
        hands[source].run = run.count == 1 ? nil : piece + 1..<run.upperBound
        guard schedule.received(piece, from: source, at: now) else { return }
        if case .liar = hands[source].actor.manner {
            lies[source, default: 0] += 1
            schedule.lied(piece, from: source, at: now)
            return leave(source)
        }
        order.append(piece)
        for other in schedule.verified(piece, from: source, at: now) { hands[other].run = nil }
    }
}
