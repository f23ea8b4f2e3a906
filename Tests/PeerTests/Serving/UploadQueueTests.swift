import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

@Suite struct UploadQueueTests {
    private static let takers = (1...9).compactMap { IPAddress("10.0.0.\($0)") }

    private var queue = UploadQueue(slots: 4)
    private var now = Moment(nanoseconds: 0)

    private mutating func ask(_ ticket: Int, _ taker: Int) -> UploadQueue.Answer {
        now = now + .milliseconds(1)
        return queue.ask(ticket, for: Self.takers[taker], now: now)
    }

    private mutating func expect(_ ticket: Int, _ taker: Int, _ answer: UploadQueue.Answer) {
        let given = ask(ticket, taker)
        #expect(given == answer)
    }

    private mutating func expectFinished(_ taker: Int, next: [Int]) {
        let given = queue.finish(Self.takers[taker])
        #expect(given == next)
    }

    private mutating func expectClaimed(_ ticket: Int, _ isGranted: Bool) {
        let isClaimed = queue.claim(ticket)
        #expect(isClaimed == isGranted)
    }

    @Test("gives out its slots, and the next in their order as they become free")
    mutating func order() {
        for number in 0..<4 { expect(number, number, .begin) }
        for number in 4..<7 { expect(number, number, .wait) }
        #expect((4..<7).map { queue.position(of: $0) } == [1, 2, 3])
        expectFinished(0, next: [4])
        expectClaimed(4, true)
        expectClaimed(4, false)
        expectClaimed(5, false)
        #expect(queue.position(of: 6) == 2)
        queue.leave(5)
        expectFinished(1, next: [6])
        #expect(queue.length == 0)
        expectFinished(2, next: [])
        expect(9, 8, .begin)
    }

    @Test("a favourite waits in front of the others, and takes no more than its share of the slots")
    mutating func favourites() {
        queue.favourites = [Self.takers[6]]
        for number in 0..<4 { expect(number, number, .begin) }
        for number in 4..<6 { expect(number, number, .wait) }
        for number in 6..<9 { expect(number, 6, .wait) }
        #expect((4..<9).map { queue.position(of: $0) } == [4, 5, 1, 2, 3])
        expectFinished(0, next: [6])
        expectFinished(1, next: [7])
        // Two of four slots are what one taker may have.
        expectFinished(2, next: [4])
    }

    @Test("[attack A44h] one taker has half of the slots at most, however many it asks for")
    mutating func greedy() {
        let answers = (0..<50).map { ask($0, 0) }
        #expect(answers.count { $0 == .begin } == 2)
        expect(50, 1, .begin)
        expectFinished(0, next: [2])
        expect(51, 2, .begin)
        expect(52, 3, .wait)
        // Who is sent least goes before who has asked first.
        #expect(queue.position(of: 52) == 1)
        expectFinished(0, next: [52])
    }

    @Test("who is on this machine may have all of them")
    mutating func here() {
        let answers = (0..<5).map { queue.ask($0, for: .loopback, now: now) }
        #expect(answers == [.begin, .begin, .begin, .begin, .wait])
    }

    @Test("who is turned away and comes back within half a minute keeps its place; later it begins anew")
    mutating func places() {
        for number in 0..<4 { expect(number, number, .begin) }
        for number in 4..<6 { expect(number, number, .wait) }
        queue.leave(4)
        now = now + .seconds(20)
        expect(6, 4, .wait)
        #expect(queue.position(of: 6) == 1)
        queue.leave(6)
        now = now + .seconds(40)
        expect(7, 4, .wait)
        #expect(queue.position(of: 7) == 2)
    }

    @Test("no more wait than can be counted on")
    mutating func bounded() {
        for number in 0..<4 { expect(number, number, .begin) }
        let answers = (0..<2_000).map { ask(10 + $0, 4) }
        #expect(answers.count { $0 == .wait } == queue.length)
        #expect(answers.last == .refused)
        #expect(queue.length <= 1_024)
    }

    @Test("whatever comes and goes, no slot is lost or given twice", arguments: 1...20 as ClosedRange<UInt64>)
    mutating func random(seed: UInt64) {
        var random = Seeded(seed: seed)
        var (active, waiting) = ([(ticket: Int, taker: Int)](), [(ticket: Int, taker: Int)]())
        for ticket in 0..<500 {
            if Bool.random(using: &random) {
                let taker = Int.random(in: 0..<9, using: &random)
                if ask(ticket, taker) == .begin {
                    active.append((ticket, taker))
                } else {
                    waiting.append((ticket, taker))
                }
            } else if let index = active.indices.randomElement(using: &random) {
                for next in queue.finish(Self.takers[active.remove(at: index).taker]) {
                    let claimed = queue.claim(next)
                    #expect(claimed)
                    guard let index = waiting.firstIndex(where: { $0.ticket == next }) else { continue }
                    active.append(waiting.remove(at: index))
                }
            }
            #expect(active.count <= 4)
            #expect(queue.length == waiting.count)
            #expect(Dictionary(grouping: active, by: \.taker).allSatisfy { $0.value.count <= 2 })
            // Nobody waits beside a slot that it may have.
            #expect(active.count == 4 || waiting.allSatisfy { one in active.count { $0.taker == one.taker } == 2 })
        }
    }
}
