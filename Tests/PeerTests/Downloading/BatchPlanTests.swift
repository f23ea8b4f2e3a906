import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

@Suite struct BatchPlanTests {
    private let start = Moment(nanoseconds: 1_000_000_000)

    @Test("a thousand items, one honest source and seven of every other kind: all are settled", arguments: 0..<20)
    func crowd(seed: UInt64) {
        var chance = Seeded(seed: seed)
        let honest = Int.random(in: 0..<8, using: &chance)
        var plan = BatchPlan(
            (0..<1_000).map { _ in
                (0..<8).filter { $0 == honest || Bool.random(using: &chance) }
            }, sources: 8, lanesPerSource: 2)
        var now = start
        var asked: [(item: Int, source: Int)] = []
        var steps = 0
        while !plan.isOver, steps < 100_000 {
            steps += 1
            now = now + .milliseconds(5)
            if let source = plan.engage(at: now) {
                for _ in 0..<Int.random(in: 1...8, using: &chance) {
                    if let item = plan.next(for: source, at: now) { asked.append((item, source)) }
                }
                plan.disengage(source)
            }
            guard let answered = asked.indices.randomElement(using: &chance) else { continue }
            let (item, source) = asked.remove(at: answered)
            switch source == honest ? 0 : Int.random(in: 0..<6, using: &chance) {
            case 0: if plan.claim(item, from: source) { plan.settle(item) }
            case 1: if plan.claim(item, from: source) { plan.strike(source, for: item, .lied("a bit")) }
            case 2: plan.refuse(item, from: source, .refused(.notFound))
            case 3:
                plan.release(item, from: source)
                plan.fail(source, .failed("reset"), at: now)
            case 4:
                plan.release(item, from: source)
                plan.fail(source, .busy(retryAfterSeconds: 1), at: now)
            // It never answers.
            default: break
            }
        }
        #expect(plan.isOver && plan.forsaken.isEmpty, "\(plan.open) open, \(plan.forsaken.count) forsaken")
    }

    @Test("what nobody can give is forsaken, with what each has said")
    func forsaken() {
        var plan = BatchPlan([[0, 1], [0], []], sources: 2, lanesPerSource: 1)
        #expect(plan.forsaken == [2] && plan.open == 2)
        let (engaged, first, second) = (
            plan.engage(at: start), plan.next(for: 0, at: start), plan.next(for: 0, at: start)
        )
        #expect(engaged == 0 && first == 0 && second == 1)
        plan.refuse(0, from: 0, .refused(.notFound))
        plan.fail(0, .lied("more than it is"), at: start)
        #expect(plan.forsaken == [1, 2] && !plan.isOver)
        let (struck, other) = (plan.next(for: 0, at: start), plan.next(for: 1, at: start))
        #expect(struck == nil && other == 0)
        plan.fail(1, .refused(.forbidden), at: start)
        #expect(plan.isOver && plan.forsaken == [0, 1, 2])
        #expect(plan.faults(of: 0).last?.source == 1)
    }

    @Test("[attack A64] what one source is late with is asked of another, and counts once")
    func late() {
        var plan = BatchPlan([[0, 1]], sources: 2, lanesPerSource: 1)
        let asked = [
            plan.next(for: 0, at: start), plan.next(for: 1, at: start + .milliseconds(500)),
            plan.next(for: 1, at: start + .seconds(3)),
        ]
        #expect(asked == [0, nil, 0])
        let counted = [plan.claim(0, from: 1), plan.claim(0, from: 0)]
        #expect(counted == [true, false])
        plan.settle(0)
        #expect(plan.isOver)
    }

    @Test("[fault F8] nothing is asked for while there is no room")
    func fullDisk() {
        var plan = BatchPlan([[0]], sources: 1, lanesPerSource: 1)
        let (first, isWhole) = (plan.next(for: 0, at: start), plan.claim(0, from: 0))
        #expect(first == 0 && isWhole)
        plan.pause(until: start + .seconds(1))
        plan.release(0)
        let later = start + .seconds(1)
        let (early, tooEarly) = (plan.engage(at: start), plan.next(for: 0, at: start))
        let (engaged, again) = (plan.engage(at: later), plan.next(for: 0, at: later))
        #expect(early == nil && tooEarly == nil && engaged == 0 && again == 0)
    }

    @Test("what is withdrawn is asked of nobody, and late bytes of it are dropped; the others come")
    func withdrawn() {
        var plan = BatchPlan([[0], [0], [0]], sources: 1, lanesPerSource: 1)
        _ = plan.engage(at: start)
        _ = plan.next(for: 0, at: start)
        let withdrawn = [plan.withdraw(0), plan.withdraw(1)]
        #expect(withdrawn == [true, true])
        let next = plan.next(for: 0, at: start)
        #expect(next == 2)
        let claimed = [plan.claim(0, from: 0), plan.claim(2, from: 0), plan.withdraw(2)]
        #expect(claimed == [false, true, false])
        plan.settle(2)
        #expect(plan.isOver && plan.forsaken == [0, 1] && plan.faults(of: 0).isEmpty)
    }

    @Test("what was withdrawn too late and then refused by the disk does not come again")
    func withdrawnLate() {
        var plan = BatchPlan([[0]], sources: 1, lanesPerSource: 1)
        _ = plan.next(for: 0, at: start)
        let late = [plan.claim(0, from: 0), plan.withdraw(0)]
        #expect(late == [true, false])
        plan.release(0)
        #expect(plan.isOver && plan.forsaken == [0])
    }
}
