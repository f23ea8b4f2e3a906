internal import P2PProtocol
package import P2PRuntime

/// Who is asked for which of many small contents, and what is left when nobody gives it. A value: it is told the time,
/// what came and what failed, and says what to ask for next.
package struct BatchPlan: Sendable {
    private enum State: Equatable {
        case waiting
        /// By this source, and perhaps by a second one.
        case asked(Int, since: Moment)
        /// Its bytes are being verified and written.
        case arrived
        case settled
        /// Nobody is left who might give it.
        case forsaken
    }

    private struct Item {
        var state = State.waiting
        /// Those who may still give it.
        var sources: [Int]
        /// By whom it was given up, and why.
        var faults: [(source: Int, fault: SourceFault)] = []
    }

    private struct Source {
        /// What it has, and how far it was gone through.
        var items: [Int] = []
        var position = 0
        var lanes = 0
        var hasGiven = false
        var failures = 0
        var rest: Moment?
        var isDropped = false
    }

    /// Failures in a row after which a source is not asked again.
    private static let patience = 3
    /// The same for being busy, each time for up to so many seconds.
    private static let busyPatience = 12
    private static let longestBusy = 10
    /// What was asked for so long ago is asked of somebody else, too.
    private static let doubt: Duration = .seconds(2)

    /// Connections to one source.
    private let lanesPerSource: Int
    private var items: [Item]
    private var sources: [Source]
    /// Items that are neither settled nor forsaken.
    package private(set) var open: Int
    private var pauseEnd: Moment?

    /// For each item the numbers of those who have it.
    package init(_ holders: [[Int]], sources count: Int, lanesPerSource: Int) {
        self.lanesPerSource = lanesPerSource
        items = holders.map { Item(sources: $0) }
        sources = Array(repeating: Source(), count: count)
        open = holders.count
        for (item, holders) in holders.enumerated() {
            for source in holders { sources[source].items.append(item) }
            if holders.isEmpty { forsake(item) }
        }
    }

    /// Whether nothing more will come.
    package var isOver: Bool { open == 0 }

    // MARK: Asking

    /// The source that a free connection is to go to: of those who have work the one that has failed least, then the
    /// one with the fewest.
    package mutating func engage(at now: Moment) -> Int? {
        guard !isPaused(at: now) else { return nil }
        let free = sources.indices.filter { source in
            sources[source].lanes < lanesPerSource && !sources[source].isDropped
                && sources[source].rest.map { $0 <= now } ?? true
        }
        let ranked = free.filter { hasWork($0, at: now) }.min { one, other in
            (sources[one].failures, sources[one].lanes) < (sources[other].failures, sources[other].lanes)
        }
        guard let source = ranked else { return nil }
        sources[source].lanes += 1
        return source
    }

    /// Its connection is gone.
    package mutating func disengage(_ source: Int) { sources[source].lanes -= 1 }

    /// Whether a source is not to be asked any more.
    package func isDropped(_ source: Int) -> Bool { sources[source].isDropped }

    /// Whether it has answered ever.
    package func hasGiven(_ source: Int) -> Bool { sources[source].hasGiven }

    /// The next thing to ask a source for: what nobody was asked for, then what somebody is late with.
    package mutating func next(for source: Int, at now: Moment) -> Int? {
        guard !sources[source].isDropped, !isPaused(at: now) else { return nil }
        guard let item = firstWaiting(of: source) ?? firstLate(of: source, at: now) else { return nil }
        items[item].state = .asked(source, since: now)
        return item
    }

    private mutating func firstWaiting(of source: Int) -> Int? {
        while sources[source].position < sources[source].items.count {
            let item = sources[source].items[sources[source].position]
            sources[source].position += 1
            if items[item].state == .waiting, items[item].sources.contains(source) { return item }
        }
        return nil
    }

    private func firstLate(of source: Int, at now: Moment) -> Int? {
        guard open > 0 else { return nil }
        return sources[source].items.first { item in
            guard case .asked(let other, let since) = items[item].state else { return false }
            return other != source && now.since(since) >= Self.doubt && items[item].sources.contains(source)
        }
    }

    /// Whether there is something to ask a source for.
    private func hasWork(_ source: Int, at now: Moment) -> Bool {
        sources[source].items[sources[source].position...].contains { item in
            items[item].state == .waiting && items[item].sources.contains(source)
        } || firstLate(of: source, at: now) != nil
    }

    // MARK: What became of it

    /// All bytes of an item have come; false when another source was faster.
    package mutating func claim(_ item: Int, from source: Int) -> Bool {
        (sources[source].failures, sources[source].rest, sources[source].hasGiven) = (0, nil, true)
        return claim(item)
    }

    /// It lies there already.
    package mutating func claim(_ item: Int) -> Bool {
        guard isWanted(item) else { return false }
        items[item].state = .arrived
        return true
    }

    /// It was what it should be, and is kept.
    package mutating func settle(_ item: Int) {
        guard items[item].state == .arrived else { return }
        items[item].state = .settled
        open -= 1
    }

    /// It is not given after all: because of us.
    package mutating func release(_ item: Int) {
        switch items[item].state {
        case .settled, .forsaken: break
        default: put(item, back: .waiting)
        }
    }

    /// The same by the source that was to give it, if nobody else was asked meanwhile.
    package mutating func release(_ item: Int, from source: Int) {
        guard case .asked(source, _) = items[item].state else { return }
        put(item, back: .waiting)
    }

    /// Nobody wants an item any more; false when it has come already, and goes its way unless the disk refuses it.
    package mutating func withdraw(_ item: Int) -> Bool {
        switch items[item].state {
        case .waiting, .asked:
            items[item].sources = []
            forsake(item)
            return true
        case .arrived:
            items[item].sources = []
            return false
        case .settled, .forsaken: return false
        }
    }

    /// A source does not have an item.
    package mutating func refuse(_ item: Int, from source: Int, _ fault: SourceFault) {
        items[item].faults.append((source, fault))
        items[item].sources.removeAll { $0 == source }
        release(item, from: source)
        if items[item].sources.isEmpty, items[item].state == .waiting { forsake(item) }
    }

    /// Bytes that a source sent were not what they should be: nothing more is taken from it.
    package mutating func strike(_ source: Int, for item: Int, _ fault: SourceFault) {
        if items[item].state == .arrived { put(item, back: .waiting) }
        drop(source, fault)
    }

    /// A connection failed, or the source cannot at the moment.
    package mutating func fail(_ source: Int, _ fault: SourceFault, at now: Moment) {
        guard !sources[source].isDropped else { return }
        sources[source].failures += 1
        switch fault {
        case .lied, .refused: drop(source, fault)
        case .busy(let seconds):
            guard sources[source].failures < Self.busyPatience else { return drop(source, fault) }
            sources[source].rest = now + .seconds(max(1, min(seconds ?? 1, Self.longestBusy)))
        case .failed:
            guard sources[source].failures < Self.patience else { return drop(source, fault) }
            sources[source].rest = now + .milliseconds(250 * sources[source].failures)
        }
    }

    /// Nothing is asked for a while: the disk is full.
    package mutating func pause(until end: Moment) { pauseEnd = end }

    /// Whether it waits for room.
    package func isPaused(at now: Moment) -> Bool { pauseEnd.map { $0 > now } ?? false }

    /// Nothing of it can be had any more; why, by source.
    package func faults(of item: Int) -> [(source: Int, fault: SourceFault)] { items[item].faults }

    /// Items that nobody is left to give.
    package var forsaken: [Int] { items.indices.filter { items[$0].state == .forsaken } }

    private func isWanted(_ item: Int) -> Bool {
        switch items[item].state {
        case .waiting, .asked: true
        case .arrived, .settled, .forsaken: false
        }
    }

    private mutating func drop(_ source: Int, _ fault: SourceFault) {
        sources[source].isDropped = true
        for item in sources[source].items where items[item].state != .settled {
            items[item].sources.removeAll { $0 == source }
            items[item].faults.append((source, fault))
            release(item, from: source)
            if items[item].sources.isEmpty, items[item].state == .waiting { forsake(item) }
        }
    }

    private mutating func put(_ item: Int, back state: State) {
        items[item].state = state
        for source in items[item].sources {
            // It is met again although the source was gone through.
            sources[source].items.append(item)
        }
        if items[item].sources.isEmpty { forsake(item) }
    }

    private mutating func forsake(_ item: Int) {
        guard items[item].state != .forsaken else { return }
        items[item].state = .forsaken
        open -= 1
    }
}
