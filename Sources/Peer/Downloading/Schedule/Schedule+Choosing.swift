internal import P2PProtocol
package import P2PRuntime

/// Who gets what.
extension Schedule {
    /// The pieces to ask of an engaged source that is free; nil when there is nothing for it now. What is not yet asked
    /// of anybody comes first, then what slower sources are at.
    package mutating func next(for source: Int, at now: Moment) -> Range<Int>? {
        guard !isPaused, sources[source].isFree else { return nil }
        guard let run = choose(for: source, at: now) ?? steal(for: source, at: now) else { return nil }
        begin(run)
        sources[source].request = ScheduledSource.Request(rest: run, since: now, lastNews: now)
        sources[source].speed.begin(at: now)
        return run
    }

    // MARK: What is missing

    private mutating func choose(for source: Int, at now: Moment) -> Range<Int>? {
        guard missing > 0 else { return nil }
        let longest = runLength(for: source)
        if preference == .rarest, !copies.isEmpty { return chooseRarest(for: source, longest) }
        let start = preference == .front ? front : cursor
        guard
            let first = firstMissing(in: start..<geometry.count, of: source) ?? firstMissing(in: 0..<start, of: source)
        else { return nil }
        let run = extend(first, of: source, longest)
        cursor = run.upperBound < geometry.count ? run.upperBound : 0
        return run
    }

    private func firstMissing(in region: Range<Int>, of source: Int) -> Int? {
        region.first { isMissing($0) && sources[source].holds($0) }
    }

    /// One of the rarest that falls to this taker, and those behind it that are as rare.
    private mutating func chooseRarest(for source: Int, _ longest: Int) -> Range<Int>? {
        var rarest = UInt16.max
        var some = Sample(of: Self.sampleCount)
        for piece in 0..<geometry.count where isMissing(piece) && sources[source].holds(piece) {
            let number = copies[piece]
            if number < rarest {
                rarest = number
                some.removeAll()
            }
            if number == rarest { some.add(piece, using: &chance) }
        }
        guard let first = preferred(some.elements) else { return nil }
        let run = extend(first, of: source, longest)
        let length = run.prefix { copies[$0] == rarest }.count
        return first..<first + length
    }

    /// Takers cannot see what the others have just asked for. So each prefers the pieces that by their own ids fall to it
    /// rather than to others: all of them come to the same division without a word.
    private func preferred(_ pieces: [Int]) -> Int? {
        guard let taker else { return pieces.first }
        let others = sources.filter { $0.has != nil && $0.isHoped }.map(\.id)
        return pieces.min { left, right in
            Self.rank(of: taker, for: left, among: others) < Self.rank(of: taker, for: right, among: others)
        }
    }

    /// How many of the others a piece falls to rather than to this taker.
    private static func rank(of taker: Int, for piece: Int, among others: [Int]) -> Int {
        let mine = claim(of: taker, on: piece)
        return others.count { claim(of: $0, on: piece) > mine }
    }

    private static func claim(of taker: Int, on piece: Int) -> UInt64 {
        var mixer = SplitMix(seed: UInt64(truncatingIfNeeded: taker) << 32 ^ UInt64(truncatingIfNeeded: piece))
        return mixer.next()
    }

    private static let sampleCount = 64

    private func extend(_ first: Int, of source: Int, _ longest: Int) -> Range<Int> {
        var end = first + 1
        while end < geometry.count, end - first < longest, isMissing(end), sources[source].holds(end) { end += 1 }
        return first..<end
    }

    /// As much as keeps the source busy for a while, and no more than its share of what is left.
    private func runLength(for source: Int) -> Int {
        let speed = sources[source].speed.bytesPerSecond
        guard speed > 0 else { return 1 }
        let seconds = copies.isEmpty && preference == .rarest ? limits.runSeconds : limits.shortRunSeconds
        let wanted = speed * seconds / Double(PieceGeometry.pieceBytes)
        let all = sources.reduce(0.0) { $0 + ($1.isEngaged ? $1.speed.bytesPerSecond : 0) }
        let share = (Double(missing) * speed / all).rounded(.up)
        return max(1, Int(min(wanted, share, Double(limits.runLength))))
    }

    // MARK: What others are at

    /// There is nothing else for it: takes over what this source would have sooner than the one that is at it.
    private mutating func steal(for thief: Int, at now: Moment) -> Range<Int>? {
        var best: (victim: Int, run: Range<Int>, seconds: Double)?
        for (victim, source) in sources.enumerated() where victim != thief {
            guard let request = source.request else { continue }
            let seconds = source.secondsLeft(request, at: now)
            guard seconds > best?.seconds ?? 0, let run = loot(request, of: victim, for: thief, seconds, now) else {
                continue
            }
            best = (victim, run, seconds)
        }
        guard let best else { return nil }
        if let request = sources[best.victim].request, best.run.lowerBound > request.rest.lowerBound {
            // The tail changes hands; the victim stops where it begins.
            sources[best.victim].request?.rest = request.rest.lowerBound..<best.run.lowerBound
            end(best.run)
        }
        return best.run
    }

    private func loot(
        _ request: ScheduledSource.Request, of victim: Int, for thief: Int, _ seconds: Double, _ now: Moment
    ) -> Range<Int>? {
        let (mine, theirs) = (sources[thief].expectedSpeed(at: now), sources[victim].expectedSpeed(at: now))
        let piece = Double(PieceGeometry.pieceBytes)
        let tail = request.rest.dropFirst()
        let most = tail.reversed().prefix { sources[thief].holds($0) && underWay[$0] == 1 }.count
        if most > 0 {
            // So much that both will be done at the same time.
            let share = (Double(request.rest.count) * mine / (mine + theirs)).rounded()
            let count = min(max(1, Int(share)), most)
            guard Double(count) * piece / mine + Self.overhead < seconds else { return nil }
            return request.rest.upperBound - count..<request.rest.upperBound
        }
        // Its one last piece is fetched a second time only where that clearly pays.
        guard missing == 0, let last = request.rest.first, tail.isEmpty, underWay[last] == 1,
            sources[thief].holds(last),
            sources[thief].speed.bytesPerSecond > 0, 2 * (piece / mine) + Self.overhead < seconds
        else { return nil }
        return last..<last + 1
    }

    /// Seconds that another request costs beside its bytes.
    private static let overhead = 0.1
}
