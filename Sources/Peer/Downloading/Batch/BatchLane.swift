internal import Glibc
internal import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// A task of a batch: goes to the source that the plan sends it to, asks for one content after another without waiting
/// for the answers, and hands what comes to the pool, which verifies and writes while the next is read.
struct BatchLane: Sendable {
    private static let connectPatience: Duration = .seconds(5)
    /// A request may wait for a slot for ten seconds.
    private static let longPatience: Duration = .seconds(15)
    /// For who has never given anything, where there are more sources than can be tried at once.
    private static let crowdPatience: Duration = .seconds(3)
    /// How long it waits where there is nothing to ask for, before it looks again.
    private static let nap: Duration = .milliseconds(50)
    /// What is verified and written in one go.
    private static let portionFiles = 32
    private static let portionBytes = 1 << 20
    /// The words of a refusal, which have to be read.
    private static let refusalBytes = 64 << 10

    let batch: Batch
    let ledger: BatchLedger
    let loop: EventLoop

    func run() async {
        let bell = WaitPoint(on: loop)
        defer { bell.detach() }
        let points = Points()
        points.add(bell)
        await withTaskCancellationHandler {
            while !Task.isCancelled {
                if bell.isShuttingDown { return ledger.stop() }
                guard let source = ledger.plan({ $0.isOver ? nil : $0.engage(at: loop.now) }) else {
                    await bell.sleep(until: loop.now + Self.nap)
                    continue
                }
                var visit = Visit()
                do throws(SourceFault) {
                    try await self.visit(source, &visit, points)
                } catch {
                    if !Task.isCancelled { ledger.plan { $0.fail(source, error, at: loop.now) } }
                }
                await write(&visit, from: source)
                let asked = visit.asked
                ledger.plan { plan in
                    for item in asked { plan.release(item, from: source) }
                    plan.disengage(source)
                }
                await visit.writing?.value
            }
        } onCancel: {
            points.wake()
        }
    }

    /// What is under way at one source.
    private struct Visit {
        /// Not answered yet, in the order of their answers.
        var asked: [Int] = []
        var portion: [(item: Int, bytes: Bytes)] = []
        var portionBytes = 0
        /// The source closes the connection after this answer.
        var isLast = false
        /// The last portion on the pool.
        var writing: Task<Void, Never>?
    }

    /// Where the task waits.
    private final class Points: Sendable {
        private let points = Mutex<[WaitPoint]>([])

        func add(_ point: WaitPoint) { points.withLock { $0 = $0.prefix(1) + [point] } }
        func wake() { for point in points.withLock({ $0 }) { point.wake() } }
    }

    private func visit(
        _ source: Int, _ visit: inout Visit, _ points: Points
    ) async throws(SourceFault) {
        let endpoint = ledger.sources[source].endpoint
        var client = try await connect(to: ledger.sources[source])
        points.add(client.stream.point)
        let host = Bytes(endpoint.description.utf8)
        while !Task.isCancelled, !ledger.plan({ $0.isDropped(source) }) {
            try await ask(source, as: host, &client, &visit)
            guard let item = visit.asked.first else { return }
            // What has come is not kept waiting for what has not.
            if !client.hasNews { await write(&visit, from: source) }
            if let bytes = try await answer(to: item, &client, &visit, from: source) {
                visit.portion.append((item, bytes))
                visit.portionBytes += bytes.count
            }
            visit.asked.removeFirst()
            if visit.isLast { return }
            if visit.portion.count >= Self.portionFiles || visit.portionBytes >= Self.portionBytes {
                await write(&visit, from: source)
            }
        }
    }

    private func connect(to source: DownloadSource) async throws(SourceFault) -> HTTPClient {
        do {
            return try await HTTPClient(
                to: source.endpoint, pin: source.certificate, on: loop, until: loop.now + Self.connectPatience)
        } catch {
            throw .failed("\(error)")
        }
    }

    /// Keeps the pipe full: several requests in one go rather than one for each answer.
    private func ask(
        _ source: Int, as host: Bytes, _ client: inout HTTPClient, _ visit: inout Visit
    ) async throws(SourceFault) {
        let depth = batch.manner.depth
        guard visit.asked.count <= depth / 2 else { return }
        let wanted = depth - visit.asked.count
        let items = ledger.plan { plan in
            (0..<wanted).compactMap { _ in plan.next(for: source, at: loop.now) }
        }
        guard !items.isEmpty else { return }
        visit.asked += items
        let roots = items.map { batch.requests[$0].root }
        let passes = await batch.passes?.passes(roots, ledger.sources[source]) ?? [:]
        var requests = Bytes()
        for root in roots {
            var request = RequestHead(.get, PeerRoute.content(root, name: nil).target, host: host)
            if let pass = passes[root] { request.show(pass) }
            requests += request.bytes
        }
        do {
            try await client.send(requests, until: loop.now + patience(with: source))
        } catch {
            throw .failed("\(error)")
        }
    }

    private func patience(with source: Int) -> Duration {
        let isCrowd = ledger.sources.count > batch.manner.lanes
        return isCrowd && ledger.plan({ !$0.hasGiven(source) }) ? Self.crowdPatience : Self.longPatience
    }

    /// The body of the next answer; nil for a refusal of this one content.
    private func answer(
        to item: Int, _ client: inout HTTPClient, _ visit: inout Visit, from source: Int
    ) async throws(SourceFault) -> Bytes? {
        let size = batch.requests[item].size
        let patience = patience(with: source)
        do {
            let head = try await client.readHead(until: loop.now + patience)
            visit.isLast = !head.keepsAlive
            switch BodyAnswer.judge(head, wholeOf: size) {
            case .body:
                let bytes = try await client.readBody(size, until: loop.now + patience)
                batch.received?.add(size)
                if let start = batch.pace?.pay(for: size, now: .now) { try await client.rest(until: start) }
                return bytes
            case .refused(.notFound):
                ledger.plan { $0.refuse(item, from: source, .refused(.notFound)) }
                guard let length = head.contentLength, length <= Self.refusalBytes else {
                    throw SourceFault.failed("does not say how long its refusal is")
                }
                _ = try await client.readBody(length, until: loop.now + patience)
                return nil
            case .busy(let seconds): throw SourceFault.busy(retryAfterSeconds: seconds)
            case .refused(let status) where status.code >= 500: throw SourceFault.failed("answered \(status)")
            case .refused(let status) where batch.passes != nil && SourcePasses.refuses(status):
                batch.passes?.refused(batch.requests[item].root, ledger.sources[source])
                throw SourceFault.failed("did not take our pass (\(status))")
            case .refused(let status): throw SourceFault.refused(status)
            case .rangeIgnored: throw SourceFault.failed("answered something else")
            case .lie(let what): throw SourceFault.lied(what)
            }
        } catch {
            throw Self.fault(error)
        }
    }

    /// Has the pool verify and write what has come; one portion at a time.
    private func write(_ visit: inout Visit, from source: Int) async {
        guard !visit.portion.isEmpty else { return }
        await visit.writing?.value
        let came = visit.portion
        (visit.portion, visit.portionBytes) = ([], 0)
        let portion = ledger.plan { plan in came.filter { plan.claim($0.item, from: source) } }
        visit.writing = Task(executorPreference: loop) { await settle(portion, from: source) }
    }

    private func settle(_ portion: [(item: Int, bytes: Bytes)], from source: Int) async {
        let (requests, folder) = (batch.requests, batch.folder)
        let giver = ledger.sources[source]
        let results = try? await batch.disk.run {
            portion.map { Self.keep($0.bytes, of: requests[$0.item], $0.item, folder) }
        }
        guard let results else {
            // The pool has too much to do: later.
            return ledger.plan { plan in for entry in portion { plan.release(entry.item) } }
        }
        var outcomes: [BatchLedger.Outcome] = []
        for ((item, _), part) in zip(portion, results) {
            if let part {
                outcomes.append(BatchLedger.Outcome(item: item, giver: giver, part: part))
            } else {
                ledger.plan { $0.strike(source, for: item, .lied("it is not what its root says")) }
            }
        }
        ledger.add(outcomes)
    }

    /// Nil when it is not the content.
    private static func keep(
        _ bytes: Bytes, of request: Batch.Request, _ item: Int, _ folder: BatchFolder
    ) -> Result<BatchFolder.Part, DownloadFailure>? {
        guard request.isRight(bytes) else { return nil }
        do throws(SystemError) {
            return .success(try folder.keep(bytes, of: request, item: item))
        } catch {
            return .failure(error.code == EWOULDBLOCK ? .underWay : .disk(error))
        }
    }

    private static func fault(_ error: any Error) -> SourceFault {
        if let fault = error as? SourceFault { return fault }
        if let fault = error as? HTTPFault { return .lied(fault.reason) }
        return .failed("\(error)")
    }
}
