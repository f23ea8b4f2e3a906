import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

/// Random orders, ends and times: what must hold of a queue at every moment.
@Suite struct TransferQueuePropertyTests {
    /// A queue with those who work for it, and what its store holds.
    private struct Scene {
        static let width = 3
        // Some of the orders are small enough to go together.
        var queue = TransferQueue(width: width, largestTogether: 8)
        var random: Seeded
        var now = Moment(nanoseconds: 0)
        var downloads: Set<Int> = []
        /// Those who share a slot, and the number of the company that does.
        var companies: [Int: Int] = [:]
        var companyCount = 0
        var settling: Set<Int> = []
        var cleaning: Set<Int> = []
        var stored: [Int: Transfer] = [:]
        var finished: [Int: Transfer.State] = [:]

        mutating func act() {
            let number = queue.all.randomElement(using: &random)?.number ?? 1
            switch Int.random(in: 0..<14, using: &random) {
            case 0...2: _ = queue.add(order())
            case 3: try? queue.pause(number)
            case 4, 5: try? queue.resume(number)
            case 6: try? queue.cancel(number)
            case 7: try? queue.move(number, to: Int.random(in: -1...12, using: &random))
            case 8: now = now + .milliseconds(Int.random(in: 0...40_000, using: &random))
            case 9: queue.note(Transfer.Progress(done: Int.random(in: 0...9, using: &random)), of: number)
            case 10: settle()
            case 11: clean()
            default: end()
            }
        }

        private mutating func order() -> TransferOrder {
            TransferOrder(
                root: Digest(words: (UInt64.random(in: 0..<20, using: &random), 0, 0, 0)),
                size: Int.random(in: 7...9, using: &random),
                name: Bytes("name".utf8), ownership: Bool.random(using: &random) ? .move : .copy)
        }

        private mutating func end() {
            guard let number = downloads.sorted().randomElement(using: &random) else { return }
            downloads.remove(number)
            companies[number] = nil
            let debt = Transfer.Debt(
                path: Bytes("p".utf8), name: nil, giver: PeerReference(id: 1, server: nil),
                since: WallClock(milliseconds: 0))
            let outcomes: [TransferQueue.Outcome] = [
                .arrived(path: Bytes("p".utf8), debt: nil, note: nil),
                .arrived(path: Bytes("p".utf8), debt: debt, note: nil), .stopped,
                .failed(reason: "passes", mayPass: true), .failed(reason: "stays", mayPass: false),
            ]
            queue.ended(number, outcomes[Int.random(in: 0..<outcomes.count, using: &random)], at: now)
            // Whoever reports twice changes nothing.
            queue.ended(number, .failed(reason: "again", mayPass: false), at: now)
        }

        private mutating func settle() {
            guard let number = settling.sorted().randomElement(using: &random) else { return }
            settling.remove(number)
            queue.settled(number, again: Bool.random(using: &random) ? "again" : nil, at: now)
        }

        private mutating func clean() {
            guard let number = cleaning.sorted().randomElement(using: &random) else { return }
            cleaning.remove(number)
            queue.cleaned(number)
        }

        mutating func step() {
            for step in queue.steps(at: now) {
                switch step {
                case .download(let transfer): #expect(downloads.insert(transfer.number).inserted)
                case .downloadTogether(let transfers):
                    #expect(transfers.count > 1)
                    companyCount += 1
                    for transfer in transfers {
                        #expect(downloads.insert(transfer.number).inserted)
                        #expect(transfer.order.size <= 8 && transfer.order.ownership == .copy)
                        companies[transfer.number] = companyCount
                    }
                case .stop(let number): #expect(downloads.contains(number))
                case .settle(let transfer): #expect(settling.insert(transfer.number).inserted)
                case .clean(let transfer): #expect(cleaning.insert(transfer.number).inserted)
                }
            }
            for change in queue.takeUnsaved() {
                switch change {
                case .save(let transfer): stored[transfer.number] = transfer
                case .remove(let number): stored[number] = nil
                }
            }
        }

        func isBusy(_ number: Int) -> Bool {
            downloads.contains(number) || settling.contains(number) || cleaning.contains(number)
        }

        private var slots: Int { downloads.count - companies.count + Set(companies.values).count }

        /// All slots are taken; or two companies are under way, and it is one for a third.
        private func hasNoRoom(for transfer: Transfer) -> Bool {
            let isSmall = transfer.order.size <= 8 && transfer.order.ownership == .copy
            return slots == Self.width || (isSmall && Set(companies.values).count == 2)
        }

        mutating func check() {
            #expect(slots <= Self.width)
            let all = queue.all
            let open = all.filter { if case .done = $0.state { false } else { true } }
            #expect(Set(open.map(\.order.root)).count == open.count)
            #expect(open.map(\.place) == open.map(\.place).sorted() && Set(open.map(\.place)).count == open.count)
            for transfer in all { check(transfer) }
            #expect(stored.count == all.count)
        }

        private mutating func check(_ transfer: Transfer) {
            let number = transfer.number
            if let state = finished[number] { #expect(transfer.state == state) }
            switch transfer.state {
            case .done: finished[number] = transfer.state
            case .running: #expect(downloads.contains(number))
            // It goes on by itself: with what is under way for it, when a slot is free, or at a time.
            case .queued: #expect(isBusy(number) || hasNoRoom(for: transfer))
            case .waiting(_, let until), .settling(_, _, let until):
                #expect(isBusy(number) || until > now || hasNoRoom(for: transfer))
                #expect(until.since(now) <= TransferQueue.longestPause)
                if !isBusy(number), until > now, slots < Self.width { #expect(queue.due.map { $0 <= until } == true) }
            case .cancelled: #expect(isBusy(number))
            case .paused, .failed: break
            }
            // What the store holds of it is where a restart would go on.
            #expect(stored[number]?.order == transfer.order && stored[number]?.place == transfer.place)
            switch (transfer.state, stored[number]?.state) {
            case (.queued, let kept?), (.running, let kept?), (.waiting, let kept?):
                switch kept {
                case .queued, .running, .waiting: break
                default: #expect(Bool(false), "\(transfer.state) is kept as \(kept)")
                }
            case (.settling(let debt, _, _), .settling(let kept, _, _)?): #expect(debt == kept)
            case (let state, let kept): #expect(state == kept)
            }
        }
    }

    @Test(
        "[attack D15] whatever comes in whatever order, every transfer has a next step and nothing is taken back",
        arguments: 0..<40)
    func random(seed: UInt64) {
        var scene = Scene(random: Seeded(seed: seed))
        for _ in 0..<400 {
            scene.act()
            scene.step()
            scene.check()
        }
        let kept = Array(scene.stored.values)
        let again = TransferQueue(width: Scene.width, kept: kept)
        #expect(again.all.map(\.number) == scene.queue.all.map(\.number))
    }
}
