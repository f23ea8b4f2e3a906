internal import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// Counts how often each limit was reached, and lets one line a second of each into the log, so that a flood of
/// requests is no flood of lines.
package final class LimitLog: Sendable {
    private struct State {
        var lastLine: Moment?
        /// Times since then that were not logged.
        var silent = 0
    }

    private static let interval: Duration = .seconds(1)

    private let log: Logger
    private let counters: [Counter]
    private let states = Mutex([State](repeating: State(), count: IndexLimit.allCases.count))

    package init(_ registry: MetricsRegistry, _ log: Logger) {
        self.log = log
        counters = IndexLimit.allCases.map { limit in
            registry.counter(
                "rookery_index_limit_total", "Times that a limit was reached.", labels: ["limit": limit.rawValue])
        }
    }

    /// How often a limit was reached.
    package func count(of limit: IndexLimit) -> Int { counters[limit.index].value }

    /// A limit was reached, by this client where one can be named.
    package func note(_ limit: IndexLimit, by client: Endpoint?, now: Moment = .now) {
        counters[limit.index].add(1)
        guard let silent = admit(limit, now) else { return }
        log.warning(
            "limit.reached",
            ["limit": "\(limit.rawValue)", "client": client, "unlogged": silent])
    }

    /// How many lines were left out since the last one; nil when this one is left out too.
    private func admit(_ limit: IndexLimit, _ now: Moment) -> Int? {
        states.withLock { states in
            let state = states[limit.index]
            if let last = state.lastLine, now < last + Self.interval {
                states[limit.index].silent += 1
                return nil
            }
            states[limit.index] = State(lastLine: now)
            return state.silent
        }
    }
}
