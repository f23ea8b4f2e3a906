package import P2PProtocol
package import P2PRuntime

/// Decides who is asked for which pieces. A value: it is told what happens and when, and answers what to do.
///
/// A piece is *done*, *under way* (asked of somebody, or being verified), or *missing*: exactly one of them. It is under
/// way twice only when nothing is missing any more and a fast source does over what a slow one is at.
package struct Schedule: Sendable {
    /// Which pieces come first.
    package enum Preference: Sendable {
        /// The rarest, from a random place: takers that all begin alike have nothing to give each other.
        case rarest
        /// From the front, or from where somebody looks at the file already.
        case front
    }

    package let geometry: PieceGeometry
    package private(set) var preference: Preference
    let limits: SwarmLimits
    /// This peer's own id, as other takers know it.
    let taker: Int?
    var chance: SplitMix
    package private(set) var done: PieceSet
    /// How often each piece is under way.
    private(set) var underWay: [UInt8]
    /// How many of the partial sources have each piece; empty until there is one.
    private(set) var copies: [UInt16] = []
    /// Pieces that are neither done nor under way.
    package private(set) var missing: Int
    var sources: [ScheduledSource] = []
    /// Nothing is asked of anybody for the time being.
    package private(set) var isPaused = false
    /// When anybody gave anything last.
    package private(set) var lastArrival: Moment?
    /// Where the next run begins while no piece is rarer than another.
    var cursor: Int
    /// The piece that is looked at, where the order matters.
    private(set) var front = 0

    package init(
        _ geometry: PieceGeometry, preferring preference: Preference = .rarest, limits: SwarmLimits = .standard,
        taker: Int? = nil, seed: UInt64
    ) {
        (self.geometry, self.preference, self.limits, self.taker) = (geometry, preference, limits, taker)
        chance = SplitMix(seed: seed)
        done = PieceSet(count: geometry.count)
        underWay = Array(repeating: 0, count: geometry.count)
        missing = geometry.count
        cursor = preference == .front ? 0 : Int.random(in: 0..<max(1, geometry.count), using: &chance)
    }

    package var isComplete: Bool { done.isComplete }

    /// Somebody looks at the file at this byte: what follows there comes first, what lies before it last.
    package mutating func play(from byte: Int) {
        let piece = min(max(0, byte) / PieceGeometry.pieceBytes, max(0, geometry.count - 1))
        guard preference != .front || piece != front else { return }
        (preference, front) = (.front, piece)
        if isMissing(piece) { dropTails() }
    }

    /// Every source only brings the piece to its end that it is at, so that all are soon free for what is wanted now.
    private mutating func dropTails() {
        for source in sources.indices {
            guard let rest = sources[source].request?.rest, rest.count > 1 else { continue }
            sources[source].request?.rest = rest.prefix(1)
            end(rest.dropFirst())
        }
    }

    func isMissing(_ piece: Int) -> Bool { underWay[piece] == 0 && !done.contains(piece) }

    // MARK: Pieces

    /// These are there and verified already.
    package mutating func hold(_ pieces: PieceSet, at now: Moment) {
        for piece in 0..<geometry.count where pieces.contains(piece) { finish(piece) }
        beginWaiting(at: now)
    }

    /// Nobody could give anything until now: patience with everybody begins here.
    private mutating func beginWaiting(at now: Moment) {
        lastArrival = now
        for source in sources.indices where sources[source].isEngaged { sources[source].state = .engaged(since: now) }
    }

    /// These turn out not to be on the disk after all.
    package mutating func lose(_ pieces: some Sequence<Int>) {
        for piece in pieces where done.contains(piece) {
            done.remove(piece)
            if underWay[piece] == 0 { missing += 1 }
        }
    }

    private mutating func finish(_ piece: Int) {
        if isMissing(piece) { missing -= 1 }
        done.insert(piece)
    }

    /// Marks a run as asked for.
    mutating func begin(_ run: Range<Int>) {
        for piece in run {
            if isMissing(piece) { missing -= 1 }
            underWay[piece] += 1
        }
    }

    /// Takes the mark away again.
    mutating func end(_ run: Range<Int>) {
        for piece in run where underWay[piece] > 0 {
            underWay[piece] -= 1
            if isMissing(piece) { missing += 1 }
        }
    }

    // MARK: Pausing

    /// There is no room for what would come.
    package mutating func pause(at now: Moment) {
        isPaused = true
        for source in sources.indices { cancel(source, at: now) }
    }

    /// There is again.
    package mutating func resume(at now: Moment) {
        isPaused = false
        beginWaiting(at: now)
    }

    /// Whether what this source gives has to wait for our own disk.
    package mutating func holdUp(_ source: Int, _ isHeldUp: Bool, at now: Moment) {
        sources[source].isHeldUp = isHeldUp
        sources[source].request?.lastNews = now
    }

    /// Until then we ourselves do not listen to this source, because of a limit: that is no silence of its own.
    package mutating func rest(_ source: Int, until start: Moment) {
        sources[source].request?.lastNews = start
    }

    // MARK: What arrives

    /// Bytes of the piece that this source is giving have come.
    package mutating func arrived(_ count: Int, from source: Int, at now: Moment) {
        lastArrival = now
        sources[source].speed.add(count, at: now)
        sources[source].request?.bytes += count
        sources[source].request?.lastNews = now
        sources[source].request?.hasBegun = true
    }

    /// The head of an answer has come.
    package mutating func answered(by source: Int, at now: Moment) {
        sources[source].request?.lastNews = now
        sources[source].request?.hasBegun = true
    }

    /// Whether this source is still to give this piece; when not, its answer is of no more use.
    package func expects(_ piece: Int, from source: Int) -> Bool {
        sources[source].request?.rest.lowerBound == piece
    }

    /// A whole piece has come and is going to be verified; false when nobody needs it any more.
    package mutating func received(_ piece: Int, from source: Int, at now: Moment) -> Bool {
        guard var request = sources[source].request, request.rest.lowerBound == piece else { return false }
        request.rest = piece + 1..<request.rest.upperBound
        request.bytes = 0
        sources[source].request = request.rest.isEmpty ? nil : request
        if request.rest.isEmpty { sources[source].speed.end(at: now) }
        guard !done.contains(piece) else {
            end(piece..<piece + 1)
            return false
        }
        sources[source].unproven += 1
        return true
    }

    /// The piece is right and in its place. Returns whose requests have become needless.
    package mutating func verified(_ piece: Int, from source: Int, at now: Moment) -> [Int] {
        settle(piece, from: source)
        finish(piece)
        sources[source].given += 1
        sources[source].failures = 0
        guard underWay[piece] > 0 else { return [] }
        let needless = sources.indices.filter { sources[$0].request?.rest == piece..<piece + 1 }
        for other in needless { cancel(other, at: now) }
        return needless
    }

    /// The piece is not what the root says: whoever sent it is struck, and asked nothing more.
    package mutating func lied(_ piece: Int, from source: Int, at now: Moment) {
        settle(piece, from: source)
        release(source, because: .lied("piece \(piece) is not what the root says"), at: now)
    }

    /// The piece could not be written: nobody's fault.
    package mutating func unwritten(_ piece: Int, from source: Int) {
        settle(piece, from: source)
    }

    private mutating func settle(_ piece: Int, from source: Int) {
        sources[source].unproven -= 1
        end(piece..<piece + 1)
    }

    // MARK: Copies

    /// Notes which pieces a source has: nil for all.
    package mutating func set(_ has: PieceSet?, of source: Int) {
        if has != nil, copies.isEmpty { copies = Array(repeating: 0, count: geometry.count) }
        count(sources[source].has, -1)
        sources[source].has = has
        count(has, 1)
    }

    /// Its pieces are there to be had no longer.
    mutating func discount(_ source: Int) {
        guard sources[source].has != nil else { return }
        set(PieceSet(count: geometry.count), of: source)
    }

    private mutating func count(_ has: PieceSet?, _ change: Int) {
        guard let has, has.filled > 0 else { return }
        for piece in 0..<geometry.count where has.contains(piece) {
            copies[piece] = UInt16(clamping: Int(copies[piece]) + change)
        }
    }
}
