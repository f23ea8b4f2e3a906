package import P2PProtocol
package import P2PRuntime

/// A peer's numbers (`GET /metrics`).
package struct PeerMetrics: Sendable {
    package let registry: MetricsRegistry
    /// Bytes of shared files that went to others.
    package let sentBytes: Counter
    /// Bytes of files that came from others.
    package let receivedBytes: Counter
    package let requests: Counter
    package let activeUploads: Gauge

    package init(_ registry: MetricsRegistry = MetricsRegistry(), of library: Library) {
        self.registry = registry
        sentBytes = registry.counter("rookery_peer_sent_bytes_total", "Bytes of shared files sent to others.")
        receivedBytes = registry.counter("rookery_peer_received_bytes_total", "Bytes of files received from others.")
        requests = registry.counter("rookery_peer_requests_total", "Requests that other peers and people made.")
        activeUploads = registry.gauge("rookery_peer_active_uploads", "Answers with a file's bytes being sent.")
        registry.gauge("rookery_peer_files", "Files that are shared.") { library.count }
        registry.gauge("rookery_peer_shared_bytes", "Bytes of the files that are shared.") {
            library.snapshot().values.reduce(0) { $0 &+ $1.size }
        }
    }

    /// Shows how many wait for one of these slots.
    package func watch(_ slots: UploadSlots) {
        registry.gauge("rookery_peer_waiting_uploads", "Requests that wait for an upload slot.") { slots.waiting }
    }

    /// The page in Prometheus's text format. Adds up the whole library: not for a loop's thread.
    package var page: Bytes { registry.render() }
}
