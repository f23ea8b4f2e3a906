internal import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// Works the queue off for as long as the program runs: keeps it on the disk, starts what is due and stops what is not
/// wanted any more. What a step does to the world is the work that it is given.
package final class TransferRunner: Sendable {
    /// What is done for a transfer.
    package struct Work: Sendable {
        /// Fetches it; ends soon after its task is cancelled.
        package var download: @Sendable (Transfer, Reporter) async -> TransferQueue.Outcome
        /// Fetches several small ones, and tells what came of each; those that are withdrawn may be left out. Nil where
        /// each goes alone.
        package var together: Together?
        /// Asks a moved file's former owner to let go of it.
        package var settle: @Sendable (Transfer, Transfer.Debt) async -> Settlement
        /// Removes what came of a cancelled one.
        package var clean: @Sendable (Transfer) async -> Void

        package init(
            download:
                @escaping @Sendable (Transfer, Reporter) async -> TransferQueue.Outcome,
            together: Together? = nil,
            settle: @escaping @Sendable (Transfer, Transfer.Debt) async -> Settlement,
            clean: @escaping @Sendable (Transfer) async -> Void
        ) {
            (self.download, self.together, self.settle, self.clean) = (download, together, settle, clean)
        }
    }

    /// What a download tells while it runs.
    package struct Reporter: Sendable {
        package let progress: @Sendable (Transfer.Progress) -> Void
        /// Whom a file is to be taken from; on the disk when it returns.
        package let pin: @Sendable (PeerReference) async throws -> Void
    }

    /// What came of a transfer, by its number.
    package typealias Ending = (number: Int, outcome: TransferQueue.Outcome)

    /// Fetches several.
    package typealias Together =
        @Sendable (
            [Transfer], BatchWithdrawals, _ report: @escaping @Sendable (Transfer.Progress) -> Void,
            _ came: @escaping @Sendable ([Ending]) async -> Void
        ) async -> Void

    /// What the former owner of a moved file says.
    package enum Settlement: Equatable, Sendable {
        /// It has let go of it, or never will, and why.
        case over(note: String?)
        /// It is to be asked again, and why.
        case again(String)
    }

    private struct State {
        var queue: TransferQueue
        var tasks: [Int: Task<Void, Never>] = [:]
        /// What takes those out that go with others.
        var companies: [Int: BatchWithdrawals] = [:]
        var point: WaitPoint?
    }

    private let state: Mutex<State>
    private let store: TransferStore
    private let work: Work
    private let log: Logger

    /// Goes on with what the store has kept, once `run` is called.
    package init(_ store: TransferStore, width: Int, work: Work, log: Logger = .silent) {
        let largest = work.together == nil ? 0 : Batch.largest
        let queue = TransferQueue(width: width, largestTogether: largest, kept: store.kept, next: store.next)
        state = Mutex(State(queue: queue))
        (self.store, self.work, self.log) = (store, work, log)
    }

    // MARK: What its user wants

    /// Everything, in the queue's order.
    package var transfers: [Transfer] { state.withLock { $0.queue.all } }

    package subscript(number: Int) -> Transfer? { state.withLock { $0.queue[number] } }

    /// Those that have changed since the queue was at a revision, and the one that it is at now.
    package func news(since revision: Int) -> (transfers: [Transfer], revision: Int) {
        state.withLock { ($0.queue.changed(since: revision), $0.queue.revision) }
    }

    /// Takes orders; they are on the disk when this returns. As many as there is room for.
    package func add(_ orders: [TransferOrder]) async throws -> [Transfer] {
        try await take(orders).transfers
    }

    /// The same, and the queue's revision then: whatever happens to one of them later has a higher one.
    package func take(_ orders: [TransferOrder]) async throws -> (transfers: [Transfer], revision: Int) {
        try await order { queue in
            let taken = orders.compactMap { queue.add($0) }
            return (taken.compactMap { queue[$0] }, queue.revision)
        }
    }

    /// Takes over the rest of a move, and looks on for a while; what its user should know.
    func follow(_ debt: Transfer.Debt, of order: TransferOrder) async throws -> String? {
        guard let number = try await self.order({ $0.owe(debt, for: order) }) else { return "the queue is full" }
        let end = Moment.now + .seconds(15)
        while let transfer = self[number], !transfer.isFinal {
            guard Moment.now < end else {
                return "its former owner has not let go of it yet: \(transfer.reason ?? "it was not asked"); "
                    + "it is asked again"
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        return self[number]?.reason
    }

    /// Pauses, resumes, cancels or moves one; on the disk when this returns. What it has become, nil when it is gone.
    package func change(
        _ number: Int, _ body: @Sendable (inout TransferQueue, Int) throws(TransferQueue.Refusal) -> Void
    ) async throws -> Transfer? {
        try await order { queue throws(TransferQueue.Refusal) in
            try body(&queue, number)
            return queue[number]
        }
    }

    private func order<Value: Sendable, Failure: Error>(
        _ body: (inout TransferQueue) throws(Failure) -> Value
    ) async throws -> Value {
        let value = try state.withLock { try body(&$0.queue) }
        defer { wake() }
        try await save()
        return value
    }

    // MARK: Running

    /// Runs until the loop drains. To be run on that loop.
    package func run(on loop: EventLoop) async {
        let point = WaitPoint(on: loop)
        state.withLock { $0.point = point }
        defer {
            state.withLock { $0.point = nil }
            point.detach()
        }
        while !point.isShuttingDown {
            let (steps, due) = state.withLock { ($0.queue.steps(at: .now), $0.queue.due) }
            for step in steps { perform(step) }
            await point.sleep(until: due ?? .distantFuture)
        }
    }

    private func wake() {
        state.withLock { $0.point }?.wake()
    }

    private func perform(_ step: TransferQueue.Step) {
        switch step {
        case .download(let transfer):
            start(transfer) { [self] in
                let outcome = await work.download(transfer, reporter(of: transfer.number))
                tell(outcome, of: transfer)
                state.withLock { $0.queue.ended(transfer.number, outcome, at: .now) }
            }
        case .downloadTogether(let transfers): start(together: transfers)
        case .stop(let number): stop(number)
        case .settle(let transfer): start(transfer) { [self] in await settle(transfer) }
        case .clean(let transfer):
            start(transfer) { [self] in
                await work.clean(transfer)
                state.withLock { $0.queue.cleaned(transfer.number) }
            }
        }
    }

    private func reporter(of number: Int) -> Reporter {
        Reporter { progress in
            self.state.withLock { $0.queue.note(progress, of: number) }
        } pin: { giver in
            self.state.withLock { $0.queue.pin(giver, of: number) }
            try await self.save()
        }
    }

    private func start(_ transfer: Transfer, _ body: @escaping @Sendable () async -> Void) {
        let number = transfer.number
        // Under the lock, so that a task that is over at once is not noted after its end.
        state.withLock { state in
            state.tasks[number] = Task {
                await body()
                self.state.withLock { $0.tasks[number] = nil }
                await self.note()
            }
        }
    }

    private func start(together transfers: [Transfer]) {
        guard let together = work.together else { return }
        let company = BatchWithdrawals()
        state.withLock { state in
            for transfer in transfers { state.companies[transfer.number] = company }
        }
        Task {
            let report: @Sendable (Transfer.Progress) -> Void = { progress in
                self.state.withLock { state in
                    for transfer in transfers where state.companies[transfer.number] === company {
                        state.queue.note(progress, of: transfer.number)
                    }
                }
            }
            await together(transfers, company, report) { self.end($0, in: company) }
            // Of those that nobody wanted any more nothing was said.
            self.end(transfers.map { ($0.number, .stopped) }, in: company)
        }
    }

    /// Those of a company that have ended, unless something has been said of them before.
    private func end(_ endings: [Ending], in company: BatchWithdrawals) {
        let told = state.withLock { state in
            endings.filter { number, outcome in
                guard state.companies[number] === company else { return false }
                state.companies[number] = nil
                state.queue.ended(number, outcome, at: .now)
                return true
            }
        }
        guard !told.isEmpty else { return }
        for (number, outcome) in told {
            if let transfer = self[number] { tell(outcome, of: transfer) }
        }
        // Not waited for: what is lost of it is found again in the folder.
        Task { await note() }
    }

    private func stop(_ number: Int) {
        let (task, company, root) = state.withLock { state in
            (state.tasks[number], state.companies[number], state.queue[number]?.order.root)
        }
        task?.cancel()
        guard let company, let root, company.withdraw(root) else { return }
        end([(number, .stopped)], in: company)
    }

    /// Something has changed: there may be more to do, and it is to be kept.
    private func note() async {
        wake()
        do { try await save() } catch {
            log.error("transfers.not_saved", ["reason": "\(error)"])
        }
    }

    private func settle(_ transfer: Transfer) async {
        guard case .settling(let debt, _, _) = transfer.state else { return }
        var settlement: Settlement
        do {
            // What is owed is on the disk before anybody hears of the move.
            try await save()
            settlement = await work.settle(transfer, debt)
        } catch {
            settlement = .again("the queue cannot be written: \(error)")
        }
        state.withLock { state in
            switch settlement {
            case .over(let note): state.queue.settled(transfer.number, note: note, at: .now)
            case .again(let reason): state.queue.settled(transfer.number, again: reason, at: .now)
            }
        }
    }

    private func save() async throws {
        try await store.save {
            self.state.withLock { $0.queue.takeUnsaved() }
        } giveBack: { changes in
            self.state.withLock { $0.queue.giveBack(changes) }
        }
    }

    private func tell(_ outcome: TransferQueue.Outcome, of transfer: Transfer) {
        switch outcome {
        case .failed(let reason, _):
            log.info("transfer.failed", ["number": transfer.number, "root": transfer.order.root, "reason": reason])
        case .arrived, .stopped: break
        }
    }
}
