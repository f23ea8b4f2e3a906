internal import P2PProtocol
internal import P2PRuntime

/// A peer that runs: it listens and serves, is registered at its servers, and can fetch.
package final class PeerApplication: Sendable {
    /// What one kind of peer does differently from another.
    struct Manner: Sendable {
        /// Ports to try, in this order.
        var ports: [UInt16]
        /// Whether it shares what lies in its folders, and comes back with its old id.
        var isSharing: Bool
        /// Where downloads go when not into the configured folder.
        var target: Bytes?
    }

    let configuration: PeerConfiguration
    let library: Library
    let cache: HashCache
    let endpoint: Endpoint
    let roster = IndexRoster()
    let account: IndexAccount
    /// Who may fetch from here.
    let gate: PassGate
    let fetcher: Fetcher
    /// The queue; nil for a peer that does not come back.
    let transfers: TransferRunner?
    /// What its user waits for; nil where there is no queue.
    let wishes: WishKeeper?
    private let hasher: LibraryHasher
    private let follower: DiskFollower
    let log: Logger
    let group: LoopGroup
    let disk: WorkerPool
    /// Threads for what others read here: a shared disk that does not answer holds up no download.
    private let reading: WorkerPool
    let metrics: PeerMetrics
    let playbacks = PlaybackDesk()
    let slots: UploadSlots
    let uploadPace: UploadPace
    private let lock: FolderLock?

    /// Opens everything and listens; no server is asked yet. Blocks on the disk.
    init(_ configuration: PeerConfiguration, _ manner: Manner, log: Logger) throws {
        self.configuration = configuration
        self.log = log
        Process.raiseDescriptorLimit()
        account = try configuration.account
        let state = try PeerState(configuration.stateFolder)
        lock = manner.isSharing ? try state.lock() : nil
        let identity = try TLSIdentity.keep(in: state.file("identity.pem"), name: "rookery peer")
        let target = manner.target ?? configuration.downloads
        try Self.makeFolder(target)
        let saved = SavedShares(file: state.file("shares"))
        let folders: @Sendable () -> [SharedFolder] = { configuration.folders(saved, downloads: target) }
        library = Library(folders(), scanner: configuration.scanner(state))
        cache = try HashCache(state.file("hashes.sqlite"))
        group = try LoopGroup(count: configuration.loops)
        disk = WorkerPool(name: "disk", threads: 4)
        reading = WorkerPool(name: "serve", threads: 8)
        metrics = PeerMetrics(of: library)
        hasher = LibraryHasher(library, cache: cache, threads: max(1, group.loops.count))
        follower = DiskFollower(library, cache: cache, hasher: hasher, disk: disk, log: log, wanted: folders)
        let listener = try Self.listen(configuration, manner.ports, group)
        endpoint = listener.endpoint
        fetcher = Fetcher(
            roster: roster, library: library, cache: cache, unfinished: UnfinishedContents(), disk: disk, group: group,
            log: log, received: metrics.receivedBytes,
            pace: DownloadPace(bytesPerSecond: configuration.downloadBytesPerSecond),
            passes: PassBook { [roster] in roster.standing(at: $0) })
        transfers = manner.isSharing ? try Self.openTransfers(state, configuration, fetcher, log: log) : nil
        slots = UploadSlots(configuration.uploadSlots)
        metrics.watch(slots)
        uploadPace = UploadPace(
            bytesInAll: configuration.uploadBytesPerSecond, bytesPerTaker: configuration.uploadBytesPerSecondPerPeer)
        wishes = transfers.map { [fetcher] in WishKeeper(state, fetcher, $0, log: log) }
        gate = PassGate(awaiting: Set(configuration.servers.filter { [account] in account.login(for: $0) != nil }))
        let service = makeService(state)
        let server = HTTPServer(disk: reading, tls: try TLSContext(serving: identity), service: service.answer)
        listener.serve { stream in await server.serve(stream) }
        let credentials = IndexCredentials(path: manner.isSharing ? state.file("indexes.json") : nil)
        roster.set(
            configuration.servers,
            memberships(credentials, service.tokens, identity.fingerprint, isSharing: manner.isSharing))
        log.notice("peer.started", ["address": endpoint, "version": Version.current])
    }

    // MARK: Parts

    private static func makeFolder(_ path: Bytes) throws {
        do {
            try RootedFolder.makeFolders(path)
        } catch {
            throw PeerFailure("cannot make the folder \(display(path)): \(error.reason); give another one")
        }
    }

    private static func listen(
        _ configuration: PeerConfiguration, _ ports: [UInt16], _ group: LoopGroup
    ) throws -> Listener {
        let address = configuration.listenAddress(for: configuration.servers)
        var last: SystemError?
        for port in ports {
            do {
                return try Listener(on: Endpoint(address: address, port: port), group: group)
            } catch {
                last = error
                guard error.isAddressInUse || error.isPermissionDenied else { break }
            }
        }
        throw PeerFailure("cannot listen on \(address): \(last?.reason ?? "no port is given"); try another --port")
    }

    private func makeService(_ state: PeerState) -> PeerService {
        let ownership = Ownership(configuration.ownership)
        let desk = HandoffDesk(ownership: ownership, folder: HandedOffFolder(in: state.path)) { [roster] root, taker in
            await roster.verify(root, for: taker)
        }
        return PeerService(
            library, unfinished: fetcher.unfinished, cache: cache, disk: reading, handoffs: desk, slots: slots,
            pace: uploadPace, gate: gate, metrics: metrics, log: log)
    }

    private func memberships(
        _ credentials: IndexCredentials, _ tokens: ProofTokens, _ fingerprint: Digest, isSharing: Bool
    ) -> @Sendable (ServerAddress) -> IndexMembership {
        // Where the index is spoken to in the open, the members are on one machine or trust their network.
        let advertisement: @Sendable (ServerAddress) -> Advertisement = { [endpoint, configuration] server in
            Advertisement(
                port: Int(endpoint.port), name: configuration.name.isEmpty ? nil : configuration.name,
                lease: configuration.lease, ownership: Ownership(configuration.ownership),
                certificate: server.pin == nil ? nil : fingerprint)
        }
        let announcer = Announcer(roster: roster, isQuiet: !isSharing)
        return { [library, group, log, wishes, account, gate, roster] server in
            IndexMembership(
                at: server, as: advertisement(server), sharing: isSharing ? library : nil, credentials: credentials,
                account: account, on: group.next(), log: log,
                hear: {
                    gate.hear($0, from: server)
                    wishes?.hear($0)
                }
            ) { event in
                switch event {
                case .registered(let registration, let remote):
                    gate.set(registration, at: server)
                    tokens.set(registration.token, of: server, at: remote.address)
                case .left: gate.forget(server)
                case .lost(let failure) where failure.needsAccount || failure.isWrongLogin:
                    // Among members who do not know us: what is shared here is for members.
                    if roster.memberships.allSatisfy({ $0.standing == nil }) { gate.await(server) }
                default: break
                }
                announcer.announce(event, at: server)
            }
        }
    }

    // MARK: Running

    /// Runs what may take long, or block on the disk, on a thread that is there for it; nil when too much waits there.
    func offLoop<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value? {
        try? await disk.run(work)
    }

    /// Reads the shared folders; the indexes follow along. Says what could not be shared.
    func share() async {
        for warning in library.folders.compactMap({ ShareAdvice.warning(for: $0.path) }) { complain(warning) }
        do {
            for (folder, error) in try await follower.scan().unavailable {
                complain("cannot share \(display(folder.path)): \(error.reason)")
            }
        } catch {
            complain("cannot read the shared folders: \(error)")
        }
    }

    /// Lists what comes into the folders from now on, and what goes.
    func follow() {
        let loop = group.next()
        Task(executorPreference: loop) { [follower] in await follower.follow(on: loop) }
    }

    /// Works the queue off from now on: what lies in the folders is known.
    func fetchQueued() {
        guard let transfers else { return }
        let loop = group.next()
        Task(executorPreference: loop) { await transfers.run(on: loop) }
    }

    /// Hashes what the cache does not know.
    func hash(showing progress: Bool) async {
        let display = ProgressDisplay(Bytes(ascii: "hashing"))
        let report = try? await hasher.run { state in
            if progress { display.show(done: state.bytes, of: state.totalBytes) }
        }
        display.finish()
        guard let report else { return }
        log.notice("share.hashed", ["files": report.hashed, "cached": report.cached, "failed": report.failed.count])
    }

    /// Takes what lies in the folders now, and opens the log anew: what SIGHUP asks for.
    func reload() {
        log.reopen()
        Task {
            await share()
            await hash(showing: false)
        }
    }

    /// Leaves the indexes, lets uploads that are under way go on for a few seconds, and writes the log's last lines.
    func leave() async {
        gate.stay()
        await roster.leave()
        group.drain()
        let deadline = Moment.now + .seconds(5)
        while metrics.activeUploads.value > 0, Moment.now < deadline {
            try? await Task.sleep(for: .milliseconds(20))
        }
        closeControl()
        log.notice("peer.stopped")
        log.flush()
    }

    /// The first SIGTERM or Ctrl-C leaves in order and ends with `code`, the second ends at once.
    func watch(_ signals: Signals?, endingWith code: ExitCode) {
        guard let signals, let loop = group.loops.first else { return }
        let hasBegun = Once()
        signals.serve(on: loop) { event in
            switch event {
            case .reload: self.reload()
            case .terminate:
                guard hasBegun.claim() else { Process.exit(ExitCode.failed.rawValue) }
                Task {
                    await self.leave()
                    Process.exit(code.rawValue)
                }
            }
        }
    }
}
