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
    private let slot: UploadSlots.Slot
    private let pace: UploadPace
    private let metrics: PeerMetrics
    private let log: Logger

    init(
        _ root: Digest, bytes wanted: Int, to taker: Endpoint, in slot: UploadSlots.Slot, at pace: UploadPace,
        metrics: PeerMetrics, log: Logger
    ) {
        self.slot = slot
        self.pace = pace
        self.root = root
        self.taker = taker
        self.wanted = wanted
        self.metrics = metrics
        self.log = log
        metrics.activeUploads.add()
        pace.begin(taker.address)
    }

    deinit {
        metrics.activeUploads.subtract()
        pace.end(taker.address)
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

    /// How many of the next bytes may go, and when.
    func allow(_ wanted: Int) -> Allowance { pace.allow(wanted, to: taker.address, now: .now) }
}
