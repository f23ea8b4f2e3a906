package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// Remembers what peers list, for those who ask for what is offline. It is soft: written within a second, in batches,
/// by a thread of its own, and given up for a peer where that fails. Nobody waits for it.
package final class ListJournal: Sendable {
    /// How long a list is remembered after its peer left.
    package static let memory = Duration.seconds(30 * 86_400)

    /// SAFETY: only jobs of the one-threaded pool touch it.
    private final class Disk: @unchecked Sendable {
        var store: ListStore?
        var hasFailed = false
        /// Lists that are still to be read, and how far the first of them has been.
        var unread: ArraySlice<ListStore.Remembered> = []
        var position = 0
        /// When reading began; nil when it is over.
        var begun: Moment?
    }

    /// Entries of a batch that is written before its second is over.
    private static let batch = 65_536

    private let path: Bytes
    private let capacity: Int
    private let log: Logger
    private let pool = WorkerPool(name: "lists", threads: 1)
    /// Adds to the engine what the other thread has read.
    private let adding = WorkerPool(name: "recall", threads: 1)
    private let recalled = Atomic(0)
    private let disk = Disk()
    private let state = Mutex(ListQueue())
    private let givenUp: Counter?
    /// How many files a peer that is here lists now.
    private let listed: @Sendable (PeerID) -> Int?

    /// Keeps at most `capacity` entries twice over; 0 keeps none.
    package init(
        path: Bytes, capacity: Int, log: Logger, givenUp: Counter? = nil,
        listed: @escaping @Sendable (PeerID) -> Int?
    ) {
        (self.path, self.capacity, self.log, self.givenUp, self.listed) = (path, capacity, log, givenUp, listed)
    }

    // MARK: What happens

    /// Notes a change of a peer's list. Entries without a size are names, which are never remembered.
    package func note(_ change: ListChange, of peer: PeerID) {
        guard capacity > 0 else { return }
        let isDue = state.withLock { state in
            state.note(change, of: peer)
            return state.weight >= Self.batch && state.begin()
        }
        if isDue { submit() }
    }

    /// Writes what waits; called every second.
    package func flush() {
        if state.withLock({ !$0.queue.isEmpty && $0.begin() }) { submit() }
    }

    /// Writes what waits and leaves one whole file behind, for a clean end.
    package func settle() async {
        do {
            try await pool.run { [self] in
                writeQueued()
                try disk.store?.settle()
            }
        } catch {
            log.warning("storage.unsettled", ["error": "\(error)"])
        }
    }

    // MARK: The thread

    /// Opens the file in the background, and hands what it remembers to `recall`, newest first, in pieces.
    package func open(_ recall: Recall) {
        guard capacity > 0 else { return }
        recall.prepare()
        pool.submit { [self] in
            do {
                let (store, setAside) = try ListStore.open(path)
                disk.store = store
                if let setAside {
                    log.error("lists.damaged", ["kept": display(setAside)])
                }
                let now = Int(WallClock.now.milliseconds)
                let oldest = now - Int(Self.memory.inSeconds) * 1_000
                let lists = try disk.store?.recall(now: now, since: oldest) ?? []
                state.withLock { state in
                    state.known.formUnion(lists.map(\.peer))
                    state.isOpen = true
                }
                (disk.unread, disk.begun) = (lists[...], .now)
                for _ in 0..<2 { readOn(recall) }
            } catch {
                log.error("lists.failed", ["error": "\(error)"])
                disk.store = nil
                state.withLock { $0.isOpen = true }
                recall.end()
            }
        }
    }

    /// Reads a page, hands it to the other thread and comes back for the next after what else waits for this one. Two
    /// pages are on their way at a time: one is taken apart while the other is added.
    private func readOn(_ recall: Recall) {
        guard let store = disk.store, let list = disk.unread.first else { return finish(recall) }
        do {
            if disk.position == 0 { adding.submit { _ = recall.begin(list) } }
            if let (position, page) = try store.page(of: list.peer, after: disk.position) {
                disk.position = position
                adding.submit { [self] in
                    let entries = recall.hand(page, of: list.peer)
                    recalled.wrappingAdd(entries ?? 0, ordering: .relaxed)
                    pool.submit { [self] in
                        // The peer is back: it tells itself what it has.
                        if entries == nil { turn(from: list.peer) }
                        readOn(recall)
                    }
                }
            } else {
                turn(from: list.peer)
                adding.submit { [self] in
                    recall.finish(list.peer)
                    pool.submit { [self] in readOn(recall) }
                }
            }
        } catch {
            log.error("lists.failed", ["error": "\(error)"])
            disk.unread = []
            finish(recall)
        }
    }

    /// Comes to the next list, unless it has already.
    private func turn(from peer: PeerID) {
        guard disk.unread.first?.peer == peer else { return }
        disk.unread.removeFirst()
        disk.position = 0
    }

    /// Nothing is left to read: when all of it has been added it is told, and then put into the inverted index, which
    /// takes longer than the rest.
    private func finish(_ recall: Recall) {
        guard let begun = disk.begun else { return }
        disk.begun = nil
        adding.submit { [self] in
            recall.end()
            let entries = recalled.load(ordering: .relaxed)
            log.log(
                entries > 0 ? .notice : .debug, "lists.recalled",
                ["entries": entries, "took": Moment.now.since(begun)])
            catchUp(recall)
        }
    }

    private func catchUp(_ recall: Recall) {
        if !recall.catchUp() { adding.submit { [self] in catchUp(recall) } }
    }

    private func submit() {
        if !pool.submit({ [self] in writeQueued() }) { state.withLock { $0.isWriting = false } }
    }

    private func writeQueued() {
        let changes = state.withLock { state in
            state.isWriting = false
            return state.take()
        }
        guard !changes.isEmpty, disk.store != nil else { return }
        do {
            try disk.store?.write(changes)
            disk.hasFailed = false
        } catch {
            // Half a list would be a wrong one: what these peers have is forgotten until they register anew.
            let peers = Set(changes.map(\.peer))
            givenUp?.add(peers.count)
            if !disk.hasFailed { log.warning("lists.failed", ["error": "\(error)", "peers": peers.count]) }
            disk.hasFailed = true
            state.withLock { state in for peer in peers { state.lose(peer) } }
            return
        }
        keepSmall(Set(changes.map(\.peer)))
    }

    private func keepSmall(_ peers: Set<PeerID>) {
        for peer in peers {
            guard let store = disk.store, let logged = store.logged[peer] else { continue }
            if let listed = listed(peer), logged > 2 * listed + 4_096 { try? disk.store?.compact(peer) }
        }
        guard let store = disk.store, store.loggedInAll > 2 * capacity else { return }
        // The last to come is the first to go: there is no room for what it has.
        guard let newest = peers.filter({ store.logged[$0] != nil }).max() else { return }
        givenUp?.add(1)
        log.warning("lists.full", ["limit": capacity, "peer": newest])
        state.withLock { $0.lose(newest) }
    }
}
