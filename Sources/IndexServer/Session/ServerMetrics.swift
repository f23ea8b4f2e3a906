package import P2PRuntime

/// The index's numbers.
package struct ServerMetrics: Sendable {
    package let registry = MetricsRegistry()
    package let connections: Counter
    package let refusedConnections: Counter
    package let commands: Counter
    package let errors: Counter
    package let receivedBytes: Counter
    package let unrememberedLists: Counter
    package let refusedIDs: Counter
    let compactions: Counter
    private let provenProbes: Counter
    private let failedProbes: Counter

    init() {
        connections = registry.counter("rookery_index_connections_total", "Connections accepted.")
        refusedConnections = registry.counter(
            "rookery_index_refused_connections_total", "Connections beyond a limit.")
        commands = registry.counter("rookery_index_commands_total", "Commands answered.")
        errors = registry.counter("rookery_index_errors_total", "Error replies.")
        receivedBytes = registry.counter("rookery_index_received_bytes_total", "Bytes read from clients.")
        refusedIDs = registry.counter(
            "rookery_index_refused_ids_total", "New ids refused to addresses that had taken too many.")
        unrememberedLists = registry.counter(
            "rookery_index_unremembered_lists_total", "Lists that are not kept for OFFLINE: no room, or a full disk.")
        compactions = registry.counter(
            "rookery_index_compactions_total", "Times that what nobody shares any more was dropped.")
        let (name, help) = ("rookery_index_probes_total", "Ports that were asked to prove themselves.")
        provenProbes = registry.counter(name, help, labels: ["result": "proven"])
        failedProbes = registry.counter(name, help, labels: ["result": "failed"])
    }

    func probes(_ isProven: Bool) {
        (isProven ? provenProbes : failedProbes).add(1)
    }

    /// What waits for others.
    func watch(_ waiting: WaitingBudget, _ subscriptions: Subscriptions) {
        registry.gauge(
            "rookery_index_waiting_output_bytes", "What waits for slow readers, and of commands for their rest."
        ) { waiting.bytes }
        registry.gauge("rookery_index_subscribers", "Connections that listen to anything.") { subscriptions.count }
        registry.gauge("rookery_index_waiting_events", "Events that wait to be told to subscribers.") {
            subscriptions.waitingCount
        }
        registry.gauge("rookery_index_resident_bytes", "Memory in use.") { Process.residentBytes }
    }

    /// What is asked for when the page is made.
    func watch(_ engine: ReadersWriterLock<Engine>, _ sessions: SessionDirectory) {
        registry.gauge("rookery_index_active_connections", "Connections open now.") { sessions.count }
        registry.gauge("rookery_index_peers", "Peers in the dictionary.") { engine.read { $0.peerCount } }
        registry.gauge("rookery_index_entries", "Files that all peers list.") { engine.read { $0.entryCount } }
        registry.gauge("rookery_index_remembered_peers", "Peers that left and whose lists are remembered.") {
            engine.read { $0.rememberedPeers }
        }
        registry.gauge("rookery_index_remembered_entries", "Files of those lists.") {
            engine.read { $0.rememberedFiles }
        }
        registry.gauge("rookery_index_contents", "Contents that a search can find.") { engine.read { $0.contentCount } }
    }
}
