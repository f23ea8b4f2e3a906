internal import P2PProtocol
internal import P2PRuntime

/// When what was written is brought to the disk: what a power failure may cost is bounded, and a fast download is not
/// held up for each piece.
struct SyncPlan: Sendable {
    private static let pause: Duration = .seconds(5)
    private static let pieces = 256

    /// What is on the disk for certain.
    private(set) var synced = PieceSet(count: 0)
    private var last: Moment
    private var isUnderWay = false

    init(at now: Moment) {
        last = now
    }

    /// Whether it is time, with these pieces written; one sync at a time.
    func isDue(_ done: PieceSet, at now: Moment) -> Bool {
        let news = done.filled - synced.filled
        return !isUnderWay && news > 0 && (news >= Self.pieces || now.since(last) >= Self.pause)
    }

    mutating func begin() { isUnderWay = true }

    /// Nil when it has failed: then nothing that it was to bring there counts as written.
    mutating func end(_ pieces: PieceSet?, at now: Moment) {
        if let pieces { synced = pieces }
        (isUnderWay, last) = (false, now)
    }

    /// These were there at the beginning.
    mutating func noteSynced(_ pieces: PieceSet) { synced = pieces }
}
