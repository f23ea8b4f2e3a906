internal import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// Listens for what its user waits for: at every server it is subscribed to the wishes, and to the contents of
/// transfers whose holders are away. Nothing is asked again and again.
final class WishKeeper: Sendable {
    /// How soon a change of the list, a new transfer that waits or a new connection is noticed.
    private static let glance: Duration = .seconds(1)
    /// Transfers that are listened for; the others come by being tried again.
    private static let mostTransfers = 500

    private struct State {
        var book: WishBook
        /// What each server's present connection is subscribed to.
        var heard: [ServerAddress: (connection: IndexConnection, queries: Set<Bytes>)] = [:]
    }

    private let state: Mutex<State>
    private let saved: SavedWishes
    private let memory: SavedList
    private let library: Library
    private let roster: IndexRoster
    private let transfers: TransferRunner
    private let disk: WorkerPool
    private let log: Logger

    /// Blocks on the disk.
    init(_ state: PeerState, _ fetcher: Fetcher, _ transfers: TransferRunner, log: Logger) {
        saved = SavedWishes(file: state.file("wishes"))
        memory = SavedList(file: state.file("wishes-seen"), limit: 64 << 20)
        self.state = Mutex(State(book: WishBook(seen: memory.entries)))
        (library, roster, disk) = (fetcher.library, fetcher.roster, fetcher.disk)
        (self.transfers, self.log) = (transfers, log)
    }

    /// Runs for as long as the program.
    func run() async {
        repeat {
            if let wishes = try? await disk.run({ [saved] in saved.wishes }) {
                state.withLock { if $0.book.wishes != wishes { $0.book.set(wishes) } }
            }
            await withDiscardingTaskGroup { group in
                for membership in roster.memberships {
                    guard let connection = membership.standing?.connection else { continue }
                    group.addTask { await self.listen(at: membership.server, connection) }
                }
            }
        } while (try? await Task.sleep(for: Self.glance)) != nil
    }

    // MARK: Subscriptions

    /// Brings a server's subscriptions to what is waited for now. Of a new one it is asked once what is there already.
    private func listen(at server: ServerAddress, _ connection: IndexConnection) async {
        let wished = Set(state.withLock { $0.book.wishes.map(\.query) })
        let wanted = wished.union(absent.map { Bytes(ascii: "root:") + $0.hex })
        let old = state.withLock { state in
            let heard = state.heard[server].flatMap { $0.connection === connection ? $0.queries : nil }
            state.heard[server] = (connection, wanted)
            return heard ?? []
        }
        for query in old.subtracting(wanted) {
            _ = connection.send(.unsubscribe([Channel.search(query).name]))
        }
        for query in wanted.subtracting(old) {
            do throws(IndexFailure) {
                _ = try await connection.ask(.subscribe([.search(query)]))
                guard wished.contains(query) else { continue }
                let page = try await connection.search(query)
                for hit in page.entries {
                    take(WishBook.Find(name: hit.name, size: hit.size, root: hit.root, holder: hit.sources.first?.id))
                }
            } catch {
                log.warning("wish.refused", ["server": server.description, "query": query, "reason": error])
            }
        }
    }

    /// The contents that transfers wait for.
    private var absent: [Digest] {
        transfers.transfers.lazy.filter { transfer in
            if case .waiting = transfer.state { true } else { transfer.state == .running && transfer.failures > 0 }
        }.prefix(Self.mostTransfers).map(\.order.root)
    }

    // MARK: What appears

    /// A message of an index.
    func hear(_ push: Reply) {
        guard case .push(let words) = push, words.count == 3, words[0].bytes == Bytes(ascii: "message"),
            let payload = words[2].bytes, let json = try? JSON.parse(payload),
            json["event"]?.string == Bytes(ascii: "found"), let name = json.name()
        else { return }
        let size = json["size"]?.integer
        guard (1...Limits.standard.nameBytes).contains(name.count), (size ?? 0) >= 0,
            (size ?? 0) <= Limits.standard.fileBytes
        else { return }
        let root = json["root"]?.string.flatMap { Digest(hex: $0) }
        if let root { resume(root) }
        take(WishBook.Find(name: name, size: size, root: root, holder: json["id"]?.integer))
    }

    /// Somebody who has it is back: whoever waits for it need not wait for the next try.
    private func resume(_ root: Digest) {
        let waiting = transfers.transfers.filter { transfer in
            if case .waiting = transfer.state { transfer.order.root == root } else { false }
        }
        for transfer in waiting {
            Task { [transfers] in
                _ = try? await transfers.change(transfer.number) { queue, number throws(TransferQueue.Refusal) in
                    try queue.resume(number)
                }
            }
        }
    }

    private func take(_ find: WishBook.Find) {
        if let root = find.root, !library.entries(of: root).isEmpty { return }
        let (wishes, lines) = state.withLock { state in
            let wishes = state.book.take(find)
            return (wishes, wishes.isEmpty ? [] : state.book.lines)
        }
        guard !wishes.isEmpty else { return }
        Task { await answer(wishes, find, lines) }
    }

    /// Orders first what is to be fetched: what is noted as seen is never ordered again.
    private func answer(_ wishes: [Wish], _ find: WishBook.Find, _ lines: [Bytes]) async {
        let isOrdered = wishes.contains(where: \.isFetched) ? await order(find) : false
        do {
            try await disk.run { [memory] in try memory.save(lines) }
        } catch {
            log.warning("wish.not_kept", ["reason": "\(error)"])
        }
        for wish in wishes {
            log.notice("wish.found", ["wish": wish.number, "name": find.name, "ordered": isOrdered ? 1 : 0])
            StandardOutput.write(Self.line(of: wish, find, isOrdered: isOrdered))
        }
    }

    private func order(_ find: WishBook.Find) async -> Bool {
        guard let root = find.root, let size = find.size else { return false }
        let order = TransferOrder(root: root, size: size, name: find.name)
        return (try? await transfers.add([order]).isEmpty) == false
    }

    private static func line(of wish: Wish, _ find: WishBook.Find, isOrdered: Bool) -> String {
        let size = find.size.map { " (\(Amount.bytes($0)))" } ?? ""
        let way = isOrdered ? "; it is being fetched" : find.root.map { "; peer get rookery:\($0)" } ?? ""
        return "wish \(wish.number): \(display(find.name)) is there\(size)\(way)\n"
    }
}
