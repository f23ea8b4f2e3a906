package import P2PProtocol
internal import P2PRuntime

/// The orders, who of them is served now, and who next: told what happens and the time, it says what is to be done.
///
/// A transfer's state is what its user sees; beside it stands what is under way for it. Whoever does something reports
/// its end exactly once. What comes late changes nothing that is final: a file that is here stays here.
package struct TransferQueue: Sendable {
    /// What is to be done now, each to be reported when it has ended.
    package enum Step: Equatable, Sendable {
        /// Fetch it: `ended`.
        case download(Transfer)
        /// Fetch these small ones over the same connections: `ended` for each of them.
        case downloadTogether([Transfer])
        /// Let go of the download: that ends too, with `ended`.
        case stop(Int)
        /// Tell its former owner: `settled`.
        case settle(Transfer)
        /// Remove what has come of it: `cleaned`.
        case clean(Transfer)
    }

    /// What came of an attempt.
    package enum Outcome: Equatable, Sendable {
        /// The file is here; with a debt when it was moved.
        case arrived(path: Bytes, debt: Transfer.Debt?, note: String?)
        case failed(reason: String, mayPass: Bool)
        case stopped
    }

    enum Work {
        case download(isStopping: Bool)
        /// One of several that share a slot, by the number that they have together.
        case together(Int, isStopping: Bool)
        case settle
        case clean
    }

    /// Orders that are not done; more are refused.
    package static let most = 100_000
    /// Those that are done are remembered for a while.
    package static let remembered = 1_000
    /// Moves that are confirmed, and cancelled ones that are removed, at the same time.
    static let mostChores = 16
    static let shortestPause: Duration = .seconds(1)
    package static let longestPause: Duration = .seconds(60)
    private static let gap = 1 << 20

    /// The most that go together.
    static let mostTogether = 500

    /// How many downloads may be under way; those that go together count as one.
    package let width: Int
    /// Copies of so many bytes go together; 0 when each goes alone.
    let largestTogether: Int
    /// How many of each company have not ended.
    var companies: [Int: Int] = [:]
    var nextCompany = 0
    /// When the steps were asked for last.
    var looked = Moment(nanoseconds: 0)
    var transfers: [Int: Transfer] = [:]
    /// The numbers of those that are not done, by place.
    private(set) var line: [Int] = []
    /// The numbers of those that are done, the oldest first.
    private var history: [Int] = []
    private var byRoot: [Digest: Int] = [:]
    /// How often anything has changed, and when each of them did last; of those that nothing happened to, nothing.
    package private(set) var revision = 0
    private var changes: [Int: Int] = [:]
    var work: [Int: Work] = [:]
    /// Those that were cancelled, and moves that are not confirmed: mostly there are few.
    private(set) var unfinished: Set<Int> = []
    /// Those that are tried again later.
    private(set) var retried: Set<Int> = []
    var downloads = 0
    /// Moves being confirmed, and what is being removed.
    var chores = 0
    private var next: Int
    /// What the store does not know yet.
    private var unsaved: Set<Int> = []

    /// A queue as it was kept; whatever was under way then begins anew.
    package init(width: Int, largestTogether: Int = 0, kept: [Transfer] = [], next: Int = 1) {
        (self.width, self.largestTogether) = (width, largestTogether)
        self.next = max(next, (kept.map(\.number).max() ?? 0) + 1)
        for transfer in kept.sorted(by: { ($0.place, $0.number) < ($1.place, $1.number) }) {
            transfers[transfer.number] = transfer
            note(transfer)
            if case .done = transfer.state {
                history.append(transfer.number)
            } else {
                line.append(transfer.number)
                byRoot[transfer.order.root] = transfer.number
            }
        }
    }

    // MARK: Looking

    package subscript(number: Int) -> Transfer? { transfers[number] }

    /// Everything, those that are not done in their order, then what was done last.
    package var all: [Transfer] { (line + history.reversed()).compactMap { transfers[$0] } }

    /// Those that are not done, in their order.
    package var waiting: [Transfer] { line.compactMap { transfers[$0] } }

    /// Those that have changed since the queue was at `revision`, in no order.
    package func changed(since revision: Int) -> [Transfer] {
        changes.compactMap { $0.value > revision ? transfers[$0.key] : nil }
    }

    // MARK: What its user wants

    /// Takes an order; one for a content that is ordered already is the same, and goes on if it had stopped. Nil when
    /// there are too many.
    package mutating func add(_ order: TransferOrder) -> Int? {
        if let number = byRoot[order.root] {
            change(number) { transfer in
                if order.ownership == .move { transfer.order.ownership = .move }
                switch transfer.state {
                case .paused, .failed, .waiting, .cancelled: transfer.state = .queued
                case .queued, .running, .settling, .done: break
                }
                transfer.failures = 0
            }
            return number
        }
        guard line.count < Self.most else { return nil }
        let number = next
        next += 1
        let place = (line.last.flatMap { transfers[$0]?.place } ?? 0) + Self.gap
        transfers[number] = Transfer(number: number, order: order, place: place)
        line.append(number)
        byRoot[order.root] = number
        unsaved.insert(number)
        stamp(number)
        return number
    }

    /// Notes a move whose file was fetched without the queue; nil when there are too many.
    package mutating func owe(_ debt: Transfer.Debt, for order: TransferOrder) -> Int? {
        guard let number = add(order) else { return nil }
        change(number) { transfer in
            transfer.state = .settling(debt, reason: nil, until: Moment(nanoseconds: 0))
            transfer.progress = Transfer.Progress(done: order.size)
        }
        return number
    }

    /// Why an order cannot be carried out.
    package enum Refusal: Error, Equatable, Sendable {
        case unknown
        case isDone
        case isSettling
        case isCancelled
    }

    /// Stops it until its user says otherwise.
    package mutating func pause(_ number: Int) throws(Refusal) {
        try require(number)
        change(number) { $0.state = .paused }
    }

    /// Goes on with what was paused, has failed or waits.
    package mutating func resume(_ number: Int) throws(Refusal) {
        try require(number)
        change(number) { transfer in
            if transfer.state != .running { transfer.state = .queued }
            transfer.failures = 0
        }
    }

    /// Forgets it, and has what came of it removed. Of a move that is not confirmed the file stays.
    package mutating func cancel(_ number: Int) throws(Refusal) {
        if case .settling(let debt, _, _)? = transfers[number]?.state {
            finish(number, .done(path: debt.path, note: "its former owner was not asked to the end to let go of it"))
            return
        }
        try require(number)
        change(number) { $0.state = .cancelled }
    }

    /// Puts it at a place among those that are not done, counted from 1.
    package mutating func move(_ number: Int, to place: Int) throws(Refusal) {
        guard let transfer = transfers[number] else { throw .unknown }
        if case .done = transfer.state { throw .isDone }
        guard let old = line.firstIndex(of: number) else { throw .unknown }
        let wanted = min(max(place, 1), line.count) - 1
        guard wanted != old else { return }
        line.remove(at: old)
        line.insert(number, at: wanted)
        let before = wanted > 0 ? transfers[line[wanted - 1]]?.place ?? 0 : 0
        let after = wanted + 1 < line.count ? transfers[line[wanted + 1]]?.place : nil
        let middle = after.map { before + ($0 - before) / 2 } ?? before + Self.gap
        if middle > before {
            change(number) { $0.place = middle }
        } else {
            for (index, number) in line.enumerated() { change(number) { $0.place = (index + 1) * Self.gap } }
        }
    }

    private func require(_ number: Int) throws(Refusal) {
        switch transfers[number]?.state {
        case nil: throw .unknown
        case .done?: throw .isDone
        case .settling?: throw .isSettling
        case .cancelled?: throw .isCancelled
        default: break
        }
    }

    // MARK: What is to be kept

    /// What the store does not know yet; it is asked to keep that.
    package mutating func takeUnsaved() -> [TransferChange] {
        defer { unsaved = [] }
        return unsaved.sorted().map { number in transfers[number].map { .save($0) } ?? .remove(number) }
    }

    /// What could not be kept after all.
    package mutating func giveBack(_ changes: [TransferChange]) {
        for change in changes {
            switch change {
            case .save(let transfer): unsaved.insert(transfer.number)
            case .remove(let number): unsaved.insert(number)
            }
        }
    }

    // MARK: For the extension in this folder

    /// Changes what is kept.
    mutating func change(_ number: Int, _ body: (inout Transfer) -> Void) {
        set(number, body)
        unsaved.insert(number)
    }

    mutating func set(_ number: Int, _ body: (inout Transfer) -> Void) {
        guard var transfer = transfers[number] else { return }
        body(&transfer)
        transfers[number] = transfer
        note(transfer)
        stamp(number)
    }

    private mutating func stamp(_ number: Int) {
        revision += 1
        changes[number] = revision
    }

    mutating func finish(_ number: Int, _ state: Transfer.State) {
        let place = (history.last.flatMap { transfers[$0]?.place } ?? 0) + 1
        change(number) { transfer in
            transfer.state = state
            // From now on it says what was done when.
            transfer.place = place
            transfer.progress = Transfer.Progress(done: transfer.order.size)
        }
        guard let transfer = transfers[number] else { return }
        line.removeAll { $0 == number }
        byRoot[transfer.order.root] = nil
        history.append(number)
        if history.count > Self.remembered, let oldest = history.first.flatMap({ transfers[$0] }) { forget(oldest) }
    }

    private mutating func note(_ transfer: Transfer) {
        unfinished.remove(transfer.number)
        retried.remove(transfer.number)
        switch transfer.state {
        case .settling, .cancelled: unfinished.insert(transfer.number)
        case .waiting: retried.insert(transfer.number)
        default: break
        }
    }

    mutating func forget(_ transfer: Transfer) {
        transfers[transfer.number] = nil
        changes[transfer.number] = nil
        unfinished.remove(transfer.number)
        retried.remove(transfer.number)
        line.removeAll { $0 == transfer.number }
        history.removeAll { $0 == transfer.number }
        if byRoot[transfer.order.root] == transfer.number { byRoot[transfer.order.root] = nil }
        unsaved.insert(transfer.number)
    }
}

/// What the store is to keep of a queue.
package enum TransferChange: Equatable, Sendable {
    case save(Transfer)
    case remove(Int)
}
