import P2PProtocol
import P2PRuntime
import Peer
import Synchronization
import TestSupport
import Testing

@Suite struct TransferRunnerTests {
    /// A runner whose work is a script.
    private final class Scene: Sendable {
        let scratch: ScratchFolder
        let group: LoopGroup
        let runner: TransferRunner
        let started = Mutex<[String]>([])

        init(
            _ scratch: ScratchFolder, width: Int = 1,
            outcome: @escaping @Sendable (Transfer) async -> TransferQueue.Outcome,
            settlement: @escaping @Sendable (Transfer) -> TransferRunner.Settlement = { _ in .over(note: nil) }
        ) throws {
            self.scratch = scratch
            group = try LoopGroup(count: 1)
            let log = Log()
            let store = try TransferStore(Bytes(scratch.file("transfers.sqlite").utf8))
            runner = TransferRunner(
                store, width: width,
                work: TransferRunner.Work(
                    download: { transfer, report in
                        log.note("download \(transfer.number)")
                        report.progress(Transfer.Progress(done: 1))
                        return await outcome(transfer)
                    },
                    settle: { transfer, _ in
                        log.note("settle \(transfer.number)")
                        return settlement(transfer)
                    },
                    clean: { transfer in log.note("clean \(transfer.number)") }))
            self.log = log
        }

        let log: Log

        func run() {
            let loop = group.next()
            Task(executorPreference: loop) { [runner] in await runner.run(on: loop) }
        }

        func wait(for what: String, _ condition: @escaping @Sendable ([Transfer]) -> Bool) async throws {
            try await TestClock.waitElsewhere(for: what) { [runner] in condition(runner.transfers) }
        }

        deinit { group.stop() }
    }

    private final class Log: Sendable {
        private let lines = Mutex<[String]>([])
        func note(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }

    private static func order(_ number: UInt64) -> TransferOrder {
        TransferOrder(root: Digest(words: (number, 0, 0, 0)), size: 9, name: Bytes("song".utf8))
    }

    private static let here = TransferQueue.Outcome.arrived(path: Bytes("/song".utf8), debt: nil, note: nil)

    @Test("orders are worked off one after the other, and are done after a restart, too")
    func all() async throws {
        let scratch = try ScratchFolder()
        do {
            let scene = try Scene(scratch) { _ in Self.here }
            scene.run()
            _ = try await scene.runner.add((0..<5).map(Self.order))
            try await scene.wait(for: "five done") { $0.count == 5 && $0.allSatisfy(\.isFinal) }
            #expect(scene.log.all == (1...5).map { "download \($0)" })
            // The last one's end is on its way to the disk.
            try await scene.wait(for: "the store") { _ in
                let store = try? TransferStore(Bytes(scratch.file("transfers.sqlite").utf8))
                return store?.kept.allSatisfy(\.isFinal) == true
            }
        }
        let again = try Scene(scratch) { _ in .stopped }
        #expect(again.runner.transfers.allSatisfy(\.isFinal) && again.runner.transfers.count == 5)
    }

    @Test("an order that was acknowledged is on the disk, though nothing has begun")
    func acknowledged() async throws {
        let scratch = try ScratchFolder()
        let scene = try Scene(scratch) { _ in .stopped }
        let taken = try await scene.runner.add([Self.order(1), Self.order(2), Self.order(1)])
        #expect(taken.map(\.number) == [1, 2, 1])
        _ = try await scene.runner.change(1) { queue, number throws(TransferQueue.Refusal) in
            try queue.pause(number)
        }
        let store = try TransferStore(Bytes(scratch.file("transfers.sqlite").utf8))
        #expect(store.kept.map(\.state) == [.paused, .queued])
    }

    @Test("what is cancelled is stopped, cleaned away and forgotten")
    func cancelled() async throws {
        let scene = try Scene(try ScratchFolder()) { _ in
            // Nothing comes, and it ends when the task is cancelled.
            let (stream, continuation) = AsyncStream<Void>.makeStream()
            for await _ in stream {}
            continuation.finish()
            return .stopped
        }
        scene.run()
        _ = try await scene.runner.add([Self.order(1)])
        try await scene.wait(for: "a download") { $0.first?.progress.done == 1 }
        _ = try await scene.runner.change(1) { queue, number throws(TransferQueue.Refusal) in
            try queue.cancel(number)
        }
        try await scene.wait(for: "nothing") { $0.isEmpty }
        #expect(scene.log.all == ["download 1", "clean 1"])
    }

    @Test("[mission N4] a move's debt is on the disk before its giver hears of it, and is paid after a restart")
    func debt() async throws {
        let scratch = try ScratchFolder()
        let debt = Transfer.Debt(
            path: Bytes("/song".utf8), name: nil, giver: PeerReference(id: 1, server: nil),
            since: WallClock(milliseconds: 1))
        let kept = Log()
        do {
            let scene = try Scene(scratch) { _ in
                .arrived(path: debt.path, debt: debt, note: nil)
            } settlement: { transfer in
                let store = try? TransferStore(Bytes(scratch.file("transfers.sqlite").utf8))
                guard case .settling(let owed, _, _)? = store?.kept.first?.state else { return .again("not kept") }
                kept.note("\(owed == debt)")
                return .again("it does not answer")
            }
            scene.run()
            _ = try await scene.runner.add([Self.order(1)])
            try await scene.wait(for: "a first answer") { $0.first?.reason == "it does not answer" }
            #expect(kept.all.first == "true")
        }
        let scene = try Scene(scratch) { _ in .stopped }
        scene.run()
        try await scene.wait(for: "the end") { $0.first?.state == .done(path: debt.path, note: nil) }
        #expect(scene.log.all == ["settle 1"])
    }

    @Test("of those that go together one is paused and one fails, and the others are done")
    func together() async throws {
        let scratch = try ScratchFolder()
        let group = try LoopGroup(count: 1)
        defer { group.stop() }
        let (isPaused, pause) = AsyncStream<Void>.makeStream()
        let runner = TransferRunner(
            try TransferStore(Bytes(scratch.file("transfers.sqlite").utf8)), width: 1,
            work: TransferRunner.Work(
                download: { _, _ in .stopped },
                together: { transfers, _, _, came in
                    await came([(transfers[0].number, Self.here)])
                    for await _ in isPaused { break }
                    await came([(transfers[2].number, .failed(reason: "gone", mayPass: false))])
                    await came([(transfers[3].number, Self.here)])
                    // Of the one that is not wanted any more nothing is said.
                },
                settle: { _, _ in .over(note: nil) }, clean: { _ in }))
        _ = try await runner.add((0..<4).map(Self.order))
        let loop = group.next()
        Task(executorPreference: loop) { await runner.run(on: loop) }
        try await TestClock.waitElsewhere(for: "the first") { runner[1]?.isFinal == true }
        _ = try await runner.change(2) { queue, number throws(TransferQueue.Refusal) in try queue.pause(number) }
        pause.yield()
        try await TestClock.waitElsewhere(for: "the end") { runner[4]?.isFinal == true }
        #expect(runner[2]?.state == .paused && runner[3]?.state == .failed(reason: "gone"))
    }
}
