internal import P2PProtocol
internal import P2PRuntime

/// What a schedule knows of one source.
struct ScheduledSource: Sendable {
    /// A run of pieces that was asked of it.
    struct Request: Sendable {
        /// What has not arrived; its first piece is the one that arrives now.
        var rest: Range<Int>
        /// Bytes of that piece.
        var bytes = 0
        let since: Moment
        var lastNews: Moment
        /// Something came: from now on silence is a stall and not a queue.
        var hasBegun = false
    }

    enum State: Sendable {
        /// Nobody is connected to it; not before the moment will somebody be.
        case resting(until: Moment)
        case engaged(since: Moment)
        /// Given up for this download.
        case dropped
    }

    let id: Int
    /// Whoever runs several peers at one address is counted once for all of them; nil for this machine.
    let host: IPAddress?
    var state: State
    /// The pieces that it has; nil for all.
    var has: PieceSet?
    var request: Request?
    /// Our own disk is what it waits for: its silence is ours.
    var isHeldUp = false
    /// It kept silent for so long that its request was taken away; until whoever is connected to it has left.
    var isStalled = false
    var speed = Speed()
    /// How often somebody was sent to it.
    var visits = 0
    /// Failures since it last gave a piece.
    var failures = 0
    /// Verified pieces.
    var given = 0
    /// Pieces of it that are being verified.
    var unproven = 0
    /// What was wrong last.
    var fault: SourceFault?

    func holds(_ piece: Int) -> Bool { has?.contains(piece) ?? true }

    /// Whether it may be asked: one piece at a time until the first has turned out to be right.
    var isFree: Bool { isEngaged && !isStalled && request == nil && (given > 0 || unproven == 0) }

    /// It has not been given up.
    var isHoped: Bool { if case .dropped = state { false } else { failures == 0 } }

    var isEngaged: Bool { if case .engaged = state { true } else { false } }

    /// Since when somebody has been waiting for a sign of life from it.
    var awaitedSince: Moment? {
        guard case .engaged(let since) = state, !isHeldUp else { return nil }
        return request?.lastNews ?? (given == 0 ? since : nil)
    }

    /// Bytes a second that can be expected of it: silence of more than half a second soon makes it slower, and who has
    /// not given yet is guessed at.
    func expectedSpeed(at now: Moment) -> Double {
        let silence = isHeldUp ? 0 : (request?.lastNews).map { now.since($0).inSeconds } ?? 0
        let guess = Double(PieceGeometry.pieceBytes)
        return (speed.bytesPerSecond > 0 ? speed.bytesPerSecond : guess) / max(1, 4 * silence * silence)
    }

    /// Seconds until all that is asked of it has arrived.
    func secondsLeft(_ request: Request, at now: Moment) -> Double {
        Double(request.rest.count * PieceGeometry.pieceBytes - request.bytes) / max(expectedSpeed(at: now), 1)
    }
}
