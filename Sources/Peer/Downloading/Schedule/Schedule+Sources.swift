internal import P2PProtocol
package import P2PRuntime

/// Sources come and go.
extension Schedule {
    /// Takes a source up; its number from now on. One that has only parts has none until it says which. Nil when there
    /// are too many.
    package mutating func add(id: Int = 0, isPartial: Bool = false, host: IPAddress? = nil, at now: Moment) -> Int? {
        guard sources.count < limits.sources else { return nil }
        sources.append(ScheduledSource(id: id, host: host, state: .resting(until: now)))
        if isPartial { set(PieceSet(count: geometry.count), of: sources.count - 1) }
        return sources.count - 1
    }

    /// The next source to connect to, if there is a use for one more: those that never failed first.
    package mutating func engage(at now: Moment) -> Int? {
        let engaged = sources.filter(\.isEngaged)
        let doubtful = engaged.count { source in
            source.awaitedSince.map { now.since($0) > limits.doubt } ?? false
        }
        // No more hands than there are pieces, unless some of the hands do nothing.
        let work = geometry.count == 0 ? 1 : geometry.count - done.filled
        guard !isComplete || geometry.count == 0, engaged.count < min(limits.connections, work + doubtful) else {
            return nil
        }
        let crowded = crowdedHosts(engaged)
        var best: Int?
        for (number, source) in sources.enumerated() {
            guard case .resting(let until) = source.state, until <= now else { continue }
            if let host = source.host, crowded.contains(host) { continue }
            let rank = (source.failures, source.visits)
            if best.map({ rank < (sources[$0].failures, sources[$0].visits) }) ?? true { best = number }
        }
        if let best {
            sources[best].state = .engaged(since: now)
            sources[best].visits += 1
        }
        return best
    }

    private func crowdedHosts(_ engaged: [ScheduledSource]) -> Set<IPAddress> {
        var counts: [IPAddress: Int] = [:]
        for case let host? in engaged.map(\.host) { counts[host, default: 0] += 1 }
        return Set(counts.filter { $0.value >= limits.connectionsPerHost }.keys)
    }

    /// What was asked of a source is to be asked of others.
    package mutating func cancel(_ source: Int, at now: Moment) {
        guard let request = sources[source].request else { return }
        sources[source].request = nil
        sources[source].speed.end(at: now)
        end(request.rest)
    }

    /// The connection to a source is given up for this reason, or because there is nothing to ask of it.
    package mutating func release(_ source: Int, because fault: SourceFault?, at now: Moment) {
        cancel(source, at: now)
        sources[source].isStalled = false
        if case .dropped = sources[source].state { return }
        if let fault { sources[source].fault = fault }
        switch fault {
        case .lied?, .refused?:
            sources[source].state = .dropped
            discount(source)
        case .failed?:
            sources[source].failures += 1
            // What it could do before says nothing now.
            sources[source].speed = Speed()
            sources[source].state = .resting(until: now + patience(after: sources[source].failures))
        case .busy(let seconds)?:
            let wait = min(.seconds(min(max(1, seconds ?? 1), 3_600)), limits.longestBusy)
            sources[source].state = .resting(until: now + wait)
        case nil:
            sources[source].state = .resting(until: now + limits.doubt)
        }
    }

    /// Half a second at first, twice as long each time; up to a third less, so that takers do not come in step.
    private mutating func patience(after failures: Int) -> Duration {
        let step = min(Backoff.shortest * (1 << min(failures - 1, 10)), Backoff.longest)
        return step * Double.random(in: (2 / 3)...1, using: &chance)
    }

    /// Nobody is left of whom anything can be expected soon: all have been struck, have refused, or fail again and again.
    /// If somebody gave something a moment ago, those who fail are given time to come back.
    package func isForsaken(at now: Moment) -> Bool {
        var areFailing = false
        for source in sources {
            switch source.state {
            case .engaged: return false
            case .resting where source.failures < limits.attempts: return false
            case .resting: areFailing = true
            case .dropped: break
            }
        }
        guard areFailing, sources.contains(where: { $0.given > 0 }), let lastArrival else { return true }
        return now.since(lastArrival) > limits.grace
    }

    /// Sources that somebody is connected to.
    package var engagedCount: Int { max(1, sources.count(where: \.isEngaged)) }

    /// Whether there are more sources than can be connected at a time.
    package var isMany: Bool { sources.count > limits.connections }

    /// Whether somebody else waits for the place of a source that has nothing to give.
    package func isCrowded(at now: Moment) -> Bool {
        sources.count(where: \.isEngaged) >= limits.connections
            && sources.contains { source in
                if case .resting(let until) = source.state { until <= now } else { false }
            }
    }

    /// Sources from which bytes are coming, with their rates.
    package func rates(at now: Moment) -> [(source: Int, bytesPerSecond: Int)] {
        sources.indices.compactMap { number in
            let source = sources[number]
            guard source.request?.hasBegun == true, source.speed.bytesPerSecond > 0 else { return nil }
            return (number, Int(min(source.expectedSpeed(at: now), 1e15)))
        }
    }

    /// Takes what was asked of silent sources away from them. Returns whose requests that ends; they are to be left.
    package mutating func findStalled(at now: Moment) -> [Int] {
        guard !isPaused else { return [] }
        let isCrowded = isCrowded(at: now)
        let stalled = sources.indices.filter { number in
            let source = sources[number]
            guard !source.isStalled, let since = source.awaitedSince else { return false }
            let isNew = isCrowded && source.given == 0
            guard let request = source.request else { return isNew && now.since(since) > limits.crowdPatience }
            let patience = request.hasBegun ? limits.stall : isNew ? limits.crowdPatience : limits.headPatience
            return now.since(since) > patience
        }
        for number in stalled {
            cancel(number, at: now)
            sources[number].isStalled = true
        }
        return stalled
    }

    /// Why an engaged source is to be left; nil as long as it is not.
    package func verdict(on source: Int) -> SourceFault? {
        if case .dropped = sources[source].state { return sources[source].fault }
        return sources[source].isStalled ? .failed("fell silent") : nil
    }

    /// What was wrong with each source that something was wrong with.
    package var faults: [(source: Int, fault: SourceFault)] {
        sources.enumerated().compactMap { number, source in source.fault.map { (number, $0) } }
    }

    /// The first of those who gave anything, or who could have.
    package var giver: Int? {
        sources.firstIndex { $0.given > 0 } ?? sources.indices.first { verdict(on: $0) == nil }
    }

    /// Whether something that was asked of this source has yet to arrive.
    package func isAsked(_ source: Int) -> Bool { sources[source].request != nil }
}
