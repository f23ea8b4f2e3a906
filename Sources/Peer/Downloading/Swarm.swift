internal import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// What the tasks of one download share: the schedule, the file, and where each of them waits. They all run on one
/// loop, so that the lock is never waited for.
final class Swarm: Sendable {
    private struct State {
        var schedule: Schedule
        var sources: [DownloadSource] = []
        var layer: PieceLayer?
        var layerSought: Moment?
        var part: PartFile?
        var syncs: SyncPlan
        var failure: DownloadFailure?
        /// Where the tasks wait, by source; the download's own under `overseer`.
        var points: [Int: [WaitPoint]] = [:]
    }

    private static let overseer = -1

    private let state: Mutex<State>

    init(_ schedule: Schedule, at now: Moment) {
        state = Mutex(State(schedule: schedule, syncs: SyncPlan(at: now)))
    }

    /// Asks or tells the schedule something.
    func schedule<Value: Sendable>(_ body: (inout Schedule) -> Value) -> Value {
        state.withLock { body(&$0.schedule) }
    }

    func withSyncs<Value: Sendable>(_ body: (inout SyncPlan, inout Schedule) -> Value) -> Value {
        state.withLock { body(&$0.syncs, &$0.schedule) }
    }

    // MARK: Sources

    /// Takes up those that are new. One machine's address and port are one source, whatever id an index gives it.
    func add(_ sources: [DownloadSource], at now: Moment) {
        state.withLock { state in
            let known = Set(state.sources.map(\.endpoint))
            for source in sources where !known.contains(source.endpoint) {
                let address = source.endpoint.address
                let host = address.isLoopback ? nil : address
                guard
                    state.schedule.add(
                        id: source.id, isPartial: source.isPartial, host: host, at: now) != nil
                else { return }
                state.sources.append(source)
            }
        }
    }

    /// The next source to connect to.
    func engage(at now: Moment) -> (number: Int, source: DownloadSource)? {
        state.withLock { state in state.schedule.engage(at: now).map { ($0, state.sources[$0]) } }
    }

    func source(_ number: Int) -> DownloadSource { state.withLock { $0.sources[number] } }

    /// Why its connection is to be left; nil as long as it is not.
    func verdict(on source: Int) -> SourceFault? { schedule { $0.verdict(on: source) } }

    // MARK: The file

    /// The piece hashes, once somebody has given them.
    var layer: PieceLayer? { state.withLock { $0.layer } }

    /// Whether the caller is to fetch the piece hashes. One does at first, and soon another: the first may never answer.
    func seeksLayer(at now: Moment) -> Bool {
        state.withLock { state in
            // A tenth of a second, and what a megabyte a second makes of them.
            let patience = Duration.milliseconds(100 + state.schedule.geometry.layerCount * Digest.byteCount / 1_000)
            if let sought = state.layerSought, now.since(sought) < patience { return false }
            state.layerSought = now
            return true
        }
    }

    func found(_ layer: PieceLayer) {
        state.withLock { if $0.layer == nil { $0.layer = layer } }
        wakeOverseer()
    }

    /// Nobody seeks the piece hashes any more.
    func stopSeekingLayer() { state.withLock { $0.layerSought = nil } }

    /// Where pieces go; nil until it was opened and looked through.
    var part: PartFile? { state.withLock { $0.part } }

    /// From now on pieces can be asked for.
    func begin(_ part: PartFile, with pieces: PieceSet, at now: Moment) {
        state.withLock { state in
            state.part = part
            state.schedule.hold(pieces, at: now)
            state.syncs.noteSynced(pieces)
        }
        wakeAll()
    }

    var failure: DownloadFailure? { state.withLock { $0.failure } }

    /// Ends the download: the disk or the like cannot go on.
    func fail(_ failure: DownloadFailure) {
        state.withLock { if $0.failure == nil { $0.failure = failure } }
        wakeOverseer()
    }

    // MARK: Waiting

    func waits(_ points: [WaitPoint], for source: Int = overseer) {
        state.withLock { $0.points[source] = points.isEmpty ? nil : points }
    }

    func wake(_ source: Int) {
        for point in state.withLock({ $0.points[source] ?? [] }) { point.wake() }
    }

    func wakeOverseer() { wake(Self.overseer) }

    /// There is something new for everybody.
    func wakeAll() {
        for point in state.withLock({ $0.points.values.flatMap { $0 } }) { point.wake() }
    }
}
