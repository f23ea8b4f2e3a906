internal import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// The kinds of commands whose latency is told apart.
package enum CommandKind: Int, CaseIterable, Sendable {
    case search
    case sources
    case check
    case list
    case peers
    case browse
    case reg
    case upd
    case meta
    case subscribe
    /// What every Redis client says, and administrators' commands.
    case other

    init(_ command: borrowing Command) {
        switch command {
        case .search: self = .search
        case .sources: self = .sources
        case .check: self = .check
        case .list: self = .list
        case .peers: self = .peers
        case .browse: self = .browse
        case .register: self = .reg
        case .update: self = .upd
        case .meta: self = .meta
        case .subscribe, .unsubscribe: self = .subscribe
        default: self = .other
        }
    }
}

/// How long commands take, from when their bytes were there to when the reply was given to the kernel. Each loop keeps
/// its own numbers; they are added up when somebody asks.
package final class CommandLatencies: Sendable {
    private static let name = "rookery_index_command_duration_seconds"
    private static let help = "From when a command had arrived to when its reply was handed to the kernel."

    private let loops = Mutex<[ObjectIdentifier: LoopLatencies]>([:])
    /// Requests below `/api/`.
    let overHTTP: Histogram

    package init(_ registry: MetricsRegistry) {
        overHTTP = registry.histogram(Self.name, Self.help, labels: ["command": "api"])
    }

    /// Puts the others on the page.
    func register(in registry: MetricsRegistry) {
        for kind in CommandKind.allCases {
            registry.histogram(Self.name, Self.help, labels: ["command": "\(kind)"]) { [self] in snapshot(of: kind) }
        }
    }

    /// The numbers of a loop.
    package func of(_ loop: EventLoop) -> LoopLatencies {
        loops.withLock { loops in
            if let known = loops[ObjectIdentifier(loop)] { return known }
            let new = LoopLatencies()
            loops[ObjectIdentifier(loop)] = new
            return new
        }
    }

    func snapshot(of kind: CommandKind) -> Histogram.Snapshot {
        let all = loops.withLock { Array($0.values) }
        return all.map { $0.snapshot(of: kind) }.reduce(Histogram(unit: .seconds).snapshot, +)
    }

    var snapshots: [(CommandKind, Histogram.Snapshot)] { CommandKind.allCases.map { ($0, snapshot(of: $0)) } }
}

/// The latencies of one loop's commands. The commands of a batch are answered together, and so take the same time.
///
/// SAFETY: `batch` is touched on the loop only; the histograms are atomic.
package final class LoopLatencies: @unchecked Sendable {
    private let histograms = CommandKind.allCases.map { _ in Histogram(unit: .seconds) }
    private var batch = [Int](repeating: 0, count: CommandKind.allCases.count)
    private var isBatchEmpty = true

    /// Commands were answered; the replies are on their way with those of their batch.
    func count(_ kind: CommandKind, times: Int = 1) {
        batch[kind.rawValue] &+= times
        isBatchEmpty = false
    }

    /// The replies of a batch that began at `start` were handed over.
    func settle(since start: Moment) {
        guard !isBatchEmpty else { return }
        isBatchEmpty = true
        let took = Moment.now.since(start)
        for kind in batch.indices where batch[kind] > 0 {
            histograms[kind].record(took, times: batch[kind])
            batch[kind] = 0
        }
    }

    /// A command that took more than one turn was answered.
    func record(_ kind: CommandKind, since start: Moment) {
        histograms[kind.rawValue].record(Moment.now.since(start))
    }

    fileprivate func snapshot(of kind: CommandKind) -> Histogram.Snapshot { histograms[kind.rawValue].snapshot }
}
