internal import P2PProtocol
internal import P2PRuntime
internal import Synchronization

extension PeerApplication {
    /// The queue as the state holds it. Blocks on the disk.
    static func openTransfers(
        _ state: PeerState, _ configuration: PeerConfiguration, _ fetcher: Fetcher, log: Logger
    ) throws -> TransferRunner {
        let store = try TransferStore.open(in: state)
        let work = TransferWork(
            fetcher: fetcher, restored: Set(store.kept.map(\.number)), isLending: configuration.ownership == .move)
        // What may be moved is settled with its owner one by one.
        let together = work.isLending ? nil : work.download(together:_:_:_:)
        return TransferRunner(
            store, width: configuration.parallelDownloads,
            work: TransferRunner.Work(
                download: work.download(_:_:), together: together, settle: work.settle, clean: work.clean), log: log)
    }
}

extension PeerApplication {
    /// Lets its user's other programs in. Without that the peer works all the same, and says so.
    func openControl() {
        guard let transfers else { return }
        guard let path = ControlSocket.path(for: configuration.stateFolder) else {
            complain("the path of the state is too long for a control socket, and XDG_RUNTIME_DIR is not set")
            return
        }
        do {
            let listener = try Listener(at: path, group: group)
            let service = ControlService(application: self, transfers: transfers)
            let server = HTTPServer(limits: TransferOrder.limits, disk: disk, service: service.answer)
            let crowd = Crowd(limit: 64)
            listener.serve { stream in
                guard crowd.enter() else { return }
                await server.serve(stream)
                crowd.leave()
            }
        } catch {
            complain("other commands cannot reach this peer: \(error)")
        }
    }
}

extension PeerApplication {
    /// Takes the socket's name away, so that nobody tries it.
    func closeControl() {
        guard transfers != nil, let path = ControlSocket.path(for: configuration.stateFolder),
            let folder = try? RootedFolder(Path.parent(of: path))
        else { return }
        try? folder.removeFile(Path.lastComponent(of: path))
    }
}

/// How many are let in at a time.
final class Crowd: Sendable {
    private let limit: Int
    private let count = Atomic(0)

    init(limit: Int) { self.limit = limit }

    func enter() -> Bool {
        guard count.wrappingAdd(1, ordering: .relaxed).newValue > limit else { return true }
        leave()
        return false
    }

    func leave() { count.wrappingSubtract(1, ordering: .relaxed) }
}

extension TransferStore {
    /// Opens the queue of a state, and tells its user if it was damaged. Blocks on the disk.
    static func open(in state: PeerState) throws -> TransferStore {
        let store = try TransferStore(state.file("transfers.sqlite"))
        if let aside = store.setAside {
            complain("the queue of transfers was damaged: it is kept as \(display(aside)), and a new one begun")
        }
        if store.unreadable > 0 { complain("\(store.unreadable) transfers of the queue cannot be read") }
        return store
    }
}
