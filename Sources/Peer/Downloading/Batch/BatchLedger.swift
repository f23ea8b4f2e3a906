internal import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// What the tasks of a batch share: the plan, and the parts that wait to be brought to the disk.
final class BatchLedger: Sendable {
    /// What has come of an item: a verified part, unless the disk refused it.
    struct Outcome: Sendable {
        let item: Int
        /// Nil for an earlier attempt.
        let giver: DownloadSource?
        let part: Result<BatchFolder.Part, DownloadFailure>
    }

    private struct State {
        var plan: BatchPlan
        var outcomes: [Outcome] = []
        var isStopped = false
    }

    let sources: [DownloadSource]
    private let state: Mutex<State>
    private let bell: AsyncStream<Void>.Continuation
    /// Rings when there are parts, and when nothing more will come.
    let news: AsyncStream<Void>

    init(_ requests: [Batch.Request], lanesPerSource: Int) {
        var numbers: [Endpoint: Int] = [:]
        var sources: [DownloadSource] = []
        let holders = requests.map { request in
            request.sources.map { source in
                if let number = numbers[source.endpoint] { return number }
                numbers[source.endpoint] = sources.count
                sources.append(source)
                return sources.count - 1
            }
        }
        self.sources = sources
        state = Mutex(State(plan: BatchPlan(holders, sources: sources.count, lanesPerSource: lanesPerSource)))
        (news, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Asks or tells the plan something.
    func plan<Value: Sendable>(_ body: (inout BatchPlan) -> Value) -> Value {
        let (value, isOver) = state.withLock { state in
            let value = body(&state.plan)
            return (value, state.plan.isOver)
        }
        if isOver { bell.yield() }
        return value
    }

    /// An earlier attempt has left it.
    func found(_ part: BatchFolder.Part) {
        guard plan({ $0.claim(part.item) }) else { return }
        add([Outcome(item: part.item, giver: nil, part: .success(part))])
    }

    /// These are written, or refused.
    func add(_ outcomes: [Outcome]) {
        guard !outcomes.isEmpty else { return }
        state.withLock { $0.outcomes += outcomes }
        bell.yield()
    }

    /// Whoever started it wants it no longer, or the program ends.
    func stop() {
        state.withLock { $0.isStopped = true }
        bell.yield()
    }

    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// What waits; nil when nothing will come any more.
    func takeOutcomes() -> [Outcome]? {
        state.withLock { state in
            defer { state.outcomes = [] }
            return state.outcomes.isEmpty && (state.plan.isOver || state.isStopped) ? nil : state.outcomes
        }
    }

    /// Why what did not come did not.
    var failures: [Int: [String]] {
        state.withLock { state in
            var failures: [Int: [String]] = [:]
            for item in state.plan.forsaken {
                failures[item] = state.plan.faults(of: item).map { number, fault in
                    "peer \(sources[number].id) at \(sources[number].endpoint) \(fault)"
                }
            }
            return failures
        }
    }
}
