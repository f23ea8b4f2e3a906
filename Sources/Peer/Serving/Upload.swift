internal import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// The bytes of one answer on their way out: counted as they go, and logged when nobody sends them any more, whether
/// they were all sent or the reader left.
final class Upload: Sendable {
    private let root: Digest
    private let taker: Endpoint
    private let wanted: Int
    private let sentBytes = Atomic(0)
    private let metrics: PeerMetrics
    private let log: Logger

    init(_ root: Digest, bytes wanted: Int, to taker: Endpoint, metrics: PeerMetrics, log: Logger) {
        self.root = root
        self.taker = taker
        self.wanted = wanted
        self.metrics = metrics
        self.log = log
        metrics.activeUploads.add()
    }

    deinit {
        metrics.activeUploads.subtract()
        let sent = sentBytes.load(ordering: .relaxed)
        if sent == wanted {
            log.info("upload.done", ["root": root, "bytes": sent, "to": taker])
        } else {
            log.info("upload.cut", ["root": root, "bytes": sent, "of": wanted, "to": taker])
        }
    }

    /// So many bytes more have gone out.
    func add(_ count: Int) {
        sentBytes.wrappingAdd(count, ordering: .relaxed)
        metrics.sentBytes.add(count)
    }
}
