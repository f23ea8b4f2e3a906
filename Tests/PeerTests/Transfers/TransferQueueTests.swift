import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

@Suite struct TransferQueueTests {
    private static func order(_ number: UInt64, _ ownership: Ownership = .copy) -> TransferOrder {
        TransferOrder(
            root: Digest(words: (number, 0, 0, 0)), size: 1 << 20, name: Bytes("song \(number)".utf8),
            ownership: ownership)
    }

    private static let now = Moment(nanoseconds: 0)

    private static func queue(_ count: UInt64, width: Int = 2) -> TransferQueue {
        var queue = TransferQueue(width: width)
        for number in 0..<count { _ = queue.add(order(number)) }
        return queue
    }

    private static func started(_ steps: [TransferQueue.Step]) -> [Int] {
        steps.compactMap { if case .download(let transfer) = $0 { transfer.number } else { nil } }
    }

    private static let here = TransferQueue.Outcome.arrived(path: Bytes("song".utf8), debt: nil, note: nil)

    @Test("orders are served in their order, so many at a time")
    func order() {
        var queue = Self.queue(4)
        #expect(Self.started(queue.steps(at: Self.now)) == [1, 2])
        #expect(queue.steps(at: Self.now).isEmpty)
        queue.ended(2, Self.here, at: Self.now)
        #expect(Self.started(queue.steps(at: Self.now)) == [3])
        #expect(queue[2]?.state == .done(path: Bytes("song".utf8), note: nil))
        #expect(queue.all.map(\.number) == [1, 3, 4, 2])
    }

    @Test("it says what has changed since it was looked at; what stays as it is makes no news")
    func news() throws {
        var queue = Self.queue(3)
        #expect(Set(queue.changed(since: 0).map(\.number)) == [1, 2, 3])
        let first = queue.revision
        #expect(queue.changed(since: first).isEmpty)
        _ = queue.steps(at: Self.now)
        #expect(Set(queue.changed(since: first).map(\.number)) == [1, 2])
        let second = queue.revision
        let progress = Transfer.Progress(done: 7, sources: 1)
        queue.note(progress, of: 1)
        #expect(queue.changed(since: second) == [try #require(queue[1])])
        let third = queue.revision
        queue.note(progress, of: 1)
        #expect(queue.revision == third)
        queue.ended(2, Self.here, at: Self.now)
        try queue.cancel(3)
        #expect(Set(queue.changed(since: third).map(\.number)) == [2, 3])
    }

    @Test("small ones of a kind share a slot until the last of them has ended; what is large or moved goes alone")
    func together() throws {
        var queue = TransferQueue(width: 2, largestTogether: 100)
        func order(_ number: UInt64, _ size: Int, _ ownership: Ownership = .copy, to target: String? = nil) {
            _ = queue.add(
                TransferOrder(
                    root: Digest(words: (number, 0, 0, 0)), size: size, name: Bytes("n".utf8), ownership: ownership,
                    target: target.map { Bytes($0.utf8) }))
        }
        for (number, size) in [100, 101, 1, 0, 50].enumerated() { order(UInt64(number), size) }
        order(5, 1, .move)
        order(6, 1, to: "/elsewhere")
        order(7, 1)
        let steps = queue.steps(at: Self.now)
        #expect(steps.count == 2)
        guard case .downloadTogether(let company)? = steps.first, case .download(let alone)? = steps.last else {
            Issue.record("\(steps)")
            return
        }
        #expect(company.map(\.number) == [1, 3, 5, 8] && alone.number == 2)
        // One of them is not wanted any more: the others go on, in the same slot.
        try queue.pause(3)
        #expect(queue.steps(at: Self.now) == [.stop(3)])
        queue.ended(3, .stopped, at: Self.now)
        for number in [1, 5] { queue.ended(number, Self.here, at: Self.now) }
        #expect(queue.steps(at: Self.now).isEmpty)
        queue.ended(8, .failed(reason: "gone", mayPass: true), at: Self.now)
        #expect(Self.started(queue.steps(at: Self.now)) == [4])
        #expect(queue[3]?.state == .paused && queue[1]?.isFinal == true)
    }

    @Test("no more than five hundred go together, and the next of them take the next slots")
    func manyTogether() {
        var queue = TransferQueue(width: 2, largestTogether: 100)
        for number in 0..<1_200 {
            _ = queue.add(
                TransferOrder(root: Digest(words: (UInt64(number), 0, 0, 0)), size: 9, name: Bytes("n".utf8)))
        }
        let sizes = queue.steps(at: Self.now).map { step in
            if case .downloadTogether(let company) = step { company.count } else { 1 }
        }
        #expect(sizes == [500, 500])
    }

    @Test("a content that is ordered twice is one transfer; a move that is ordered later makes it one")
    func twice() throws {
        var queue = Self.queue(2)
        #expect(queue.add(Self.order(0, .move)) == 1)
        #expect(queue[1]?.order.ownership == .move && queue.all.count == 2)
        try queue.pause(2)
        #expect(queue.add(Self.order(1)) == 2)
        #expect(queue[2]?.state == .queued)
    }

    @Test("what is paused frees its slot once it has stopped, and goes on when it is resumed")
    func pause() throws {
        var queue = Self.queue(2, width: 1)
        _ = queue.steps(at: Self.now)
        try queue.pause(1)
        #expect(queue.steps(at: Self.now) == [.stop(1)])
        #expect(queue.steps(at: Self.now).isEmpty)
        queue.ended(1, .stopped, at: Self.now)
        #expect(Self.started(queue.steps(at: Self.now)) == [2])
        try queue.resume(1)
        queue.ended(2, Self.here, at: Self.now)
        #expect(Self.started(queue.steps(at: Self.now)) == [1])
    }

    @Test("a download that ends while it is being paused or cancelled is done: late news take nothing back")
    func late() throws {
        var queue = Self.queue(2)
        _ = queue.steps(at: Self.now)
        try queue.pause(1)
        try queue.cancel(2)
        _ = queue.steps(at: Self.now)
        for number in [1, 2] {
            queue.ended(number, Self.here, at: Self.now)
            queue.note(Transfer.Progress(done: 5), of: number)
            queue.ended(number, .failed(reason: "late", mayPass: true), at: Self.now)
            #expect(queue[number]?.state == .done(path: Bytes("song".utf8), note: nil))
            #expect(queue[number]?.progress.done == 1 << 20)
        }
        #expect(throws: TransferQueue.Refusal.isDone) { try queue.cancel(1) }
    }

    @Test("what cannot be had now is tried again, more and more patiently, and at most a minute later")
    func again() {
        var queue = Self.queue(1)
        var now = Self.now
        var pauses: [Int] = []
        for _ in 0..<9 {
            #expect(Self.started(queue.steps(at: now)) == [1])
            queue.ended(1, .failed(reason: "nobody is here", mayPass: true), at: now)
            #expect(queue[1]?.reason == "nobody is here")
            #expect(queue.steps(at: now).isEmpty)
            guard let due = queue.due else { return #expect(Bool(false), "nothing is due") }
            pauses.append(Int(due.since(now).inSeconds))
            now = due
        }
        #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60])
        _ = queue.steps(at: now)
        queue.note(Transfer.Progress(done: 1), of: 1)
        queue.ended(1, .failed(reason: "gone", mayPass: true), at: now)
        #expect(queue.due == now + .seconds(1))
    }

    @Test("where trying again would change nothing it has failed, until its user wants it again")
    func failed() throws {
        var queue = Self.queue(1)
        _ = queue.steps(at: Self.now)
        queue.ended(1, .failed(reason: "gives copies only", mayPass: false), at: Self.now)
        #expect(queue[1]?.state == .failed(reason: "gives copies only") && queue.due == nil)
        try queue.resume(1)
        #expect(Self.started(queue.steps(at: Self.now)) == [1])
    }

    @Test("a cancelled one is forgotten when nothing is left of it; ordered again meanwhile it begins anew")
    func cancel() throws {
        var queue = Self.queue(1)
        _ = queue.steps(at: Self.now)
        try queue.cancel(1)
        #expect(queue.steps(at: Self.now) == [.stop(1)])
        queue.ended(1, .stopped, at: Self.now)
        guard case .clean(let transfer)? = queue.steps(at: Self.now).first else { return #expect(Bool(false)) }
        #expect(queue.add(Self.order(0)) == 1)
        // Not while it is being removed.
        #expect(queue.steps(at: Self.now).isEmpty)
        queue.cleaned(transfer.number)
        #expect(Self.started(queue.steps(at: Self.now)) == [1])
        try queue.cancel(1)
        _ = queue.steps(at: Self.now)
        queue.ended(1, .failed(reason: "late", mayPass: true), at: Self.now)
        _ = queue.steps(at: Self.now)
        queue.cleaned(1)
        #expect(queue.all.isEmpty && queue.add(Self.order(0)) == 2)
    }

    @Test("a move is done when its former owner has answered; until then it is asked again")
    func settling() throws {
        var queue = TransferQueue(width: 1)
        _ = queue.add(Self.order(0, .move))
        _ = queue.steps(at: Self.now)
        let debt = Transfer.Debt(
            path: Bytes("song".utf8), name: nil, giver: PeerReference(id: 5, server: nil),
            since: WallClock(milliseconds: 7))
        queue.ended(1, .arrived(path: debt.path, debt: debt, note: nil), at: Self.now)
        #expect(throws: TransferQueue.Refusal.isSettling) { try queue.pause(1) }
        guard case .settle? = queue.steps(at: Self.now).first else { return #expect(Bool(false)) }
        queue.settled(1, again: "it answered 409", at: Self.now)
        #expect(queue[1]?.reason == "it answered 409" && queue.due == Self.now + .seconds(1))
        _ = queue.steps(at: Self.now + .seconds(1))
        queue.settled(1, at: Self.now + .seconds(1))
        #expect(queue[1]?.state == .done(path: debt.path, note: nil))
    }

    @Test("a transfer can be put at any place, again and again")
    func moving() throws {
        var queue = Self.queue(5)
        try queue.move(5, to: 1)
        #expect(queue.all.map(\.number) == [5, 1, 2, 3, 4])
        try queue.move(1, to: 99)
        #expect(queue.all.map(\.number) == [5, 2, 3, 4, 1])
        // More often than there is room between two places.
        for _ in 0..<40 { try queue.move(queue.all[2].number, to: 2) }
        #expect(Set(queue.all.map(\.place)).count == 5)
        #expect(queue.all.map(\.place) == queue.all.map(\.place).sorted())
    }

    @Test("there is an end to the orders that are taken")
    func most() {
        var queue = Self.queue(UInt64(TransferQueue.most))
        #expect(queue.add(Self.order(1 << 40)) == nil)
        #expect(queue.add(Self.order(5)) == 6)
    }
}
