internal import P2PRuntime

/// How logins end.
struct LoginMetrics: Sendable {
    let welcome: Counter
    let refused: Counter
    let busy: Counter

    init(_ registry: MetricsRegistry, _ accounts: AccountBook) {
        let (name, help) = ("rookery_index_logins_total", "Passwords that were compared, or could not be in time.")
        welcome = registry.counter(name, help, labels: ["result": "welcome"])
        refused = registry.counter(name, help, labels: ["result": "refused"])
        busy = registry.counter(name, help, labels: ["result": "busy"])
        registry.gauge("rookery_index_accounts", "Accounts that there are.") { accounts.count }
    }
}
