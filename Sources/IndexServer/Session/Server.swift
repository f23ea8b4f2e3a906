package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// What all sessions of an index share.
package final class Server: Sendable {
    package let configuration: IndexConfiguration
    package let limits: Limits
    /// The same, for the parsers of all connections.
    let commandLimits: SharedLimits
    let limitsBeforeLogin: SharedLimits
    /// Whether an account is needed.
    let isClosed: Bool
    package let accounts: AccountBook
    let desk: LoginDesk
    /// nil where nobody needs a pass.
    let passes: PassOffice?
    let settings: RunningSettings
    /// Where it listens.
    package let place: Endpoint
    let certificate: ServedCertificate
    package let engine: ReadersWriterLock<Engine>
    package let registry: Registry
    package let metadata: MetadataArchive
    /// What peers list, for the time when they are gone.
    package let lists: ListJournal
    package let sessions = SessionDirectory()
    package let subscriptions: Subscriptions
    package let log: Logger
    package let metrics: ServerMetrics
    package let limitLog: LimitLog
    package let latencies: CommandLatencies
    let folders = FolderShelf()
    /// What waits for slow readers, and for the rest of commands.
    let waiting: WaitingBudget
    package let printer: DictionaryPrinter?
    package let started = Moment.now
    /// Registered peers of each address.
    package let registrations: AddressCount
    /// The same of each account, and its connections.
    let registrationsOfAccounts: PartyCount<AccountName>
    let connectionsOfAccounts: PartyCount<AccountName>
    /// nil where nobody is held back.
    let pace: RequestPace?
    private let prober = Prober()
    private let sweeper = Sweeper()
    private let probes: Mutex<ProbeBudget>
    private let ids: Mutex<IDBudget>
    /// Held, and with it its lock, for as long as the program runs.
    private let folder: StateFolder

    init(
        configuration: IndexConfiguration, settings: Settings, limits: Limits, registry: Registry,
        metadata: MetadataArchive, accounts: AccountBook, place: Endpoint, certificate: ServedCertificate,
        log: Logger, printer: DictionaryPrinter?, folder: consuming StateFolder
    ) throws {
        let listsFile = folder.file("lists.sqlite")
        self.folder = folder
        (self.place, self.certificate) = (place, certificate)
        self.configuration = configuration
        self.settings = RunningSettings(settings)
        self.limits = limits
        commandLimits = SharedLimits(limits)
        limitsBeforeLogin = SharedLimits(limits.beforeLogin)
        isClosed = configuration.isClosed
        self.accounts = accounts
        self.registry = registry
        self.metadata = metadata
        self.log = log
        self.printer = printer
        // The registry gives the ids out, so every id that reaches the engine has been given.
        let engine = ReadersWriterLock(Engine(limits: limits, nextID: .max))
        self.engine = engine
        subscriptions = Subscriptions(limits: limits)
        let bounds = configuration.limits
        registrations = AddressCount(limit: bounds.registrationsPerAddress, countsLoopback: bounds.countsLoopback)
        registrationsOfAccounts = PartyCount(limit: bounds.registrationsPerAccount)
        connectionsOfAccounts = PartyCount(limit: bounds.connectionsPerAccount)
        pace = RequestPace(perSecond: bounds.requestsPerSecond)
        ids = Mutex(IDBudget(perMinute: bounds.idsPerAddress))
        probes = Mutex(ProbeBudget(perPort: bounds.probesPerPort, perHost: bounds.probesPerHost))
        metrics = ServerMetrics()
        limitLog = LimitLog(metrics.registry, log)
        desk = try LoginDesk(accounts, configuration, limits, metrics.registry, limitLog, log)
        passes = try configuration.isClosed ? PassOffice(life: configuration.ticketLife) : nil
        waiting = WaitingBudget(limit: bounds.outputTotal)
        latencies = CommandLatencies(metrics.registry)
        latencies.register(in: metrics.registry)
        lists = ListJournal(
            path: listsFile, capacity: limits.rememberedFiles, log: log, givenUp: metrics.unrememberedLists
        ) { id in engine.read { $0.peer(id)?.files } }
        metrics.watch(engine, sessions)
        metrics.watch(waiting, subscriptions)
    }

    /// Changes the dictionary, and tells subscribers and the printer what came of it. What is under way with the peers
    /// whose entries change is finished first, a step at a time.
    package func change<Value, Failure: Error>(
        of peers: [PeerID] = [], _ body: (inout Engine) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        var events: [EngineEvent] = []
        var isSweeping = false
        defer {
            publish(events)
            printer?.dictionaryChanged()
            if isSweeping { sweeper.wake() }
        }
        while true {
            let value: Value? = try engine.write { engine throws(Failure) in
                defer {
                    events += engine.takeEvents()
                    isSweeping = engine.isSweeping
                }
                return engine.sweep(peers) ? nil : try body(&engine)
            }
            if let value { return value }
        }
    }

    /// Carries on what changes of great shares have begun; true when there is more to do.
    func sweep() -> Bool {
        let (events, isSweeping) = engine.write { engine in
            engine.sweep()
            return (engine.takeEvents(), engine.isSweeping)
        }
        publish(events)
        return isSweeping
    }

    /// Carries a compaction on; true when there is more to do. Its steps keep out those only who change something.
    func compact() -> Bool {
        switch engine.read({ $0.advanceCompaction() }) {
        case .none: return false
        case .underWay: return true
        case .ready:
            // The old catalog goes after the lock is free again.
            guard let compaction = engine.write({ $0.finishCompaction() }) else { return true }
            metrics.compactions.add(1)
            log.debug("index.compacted", ["took": Moment.now.since(compaction.start)])
            return false
        }
    }

    /// Takes the user's certificate as it is now; what cannot be used changes nothing.
    func reloadCertificate() {
        guard configuration.certificateFile != nil else { return }
        do {
            let isAnother = try certificate.replace(with: folder.identity(configuration))
            guard isAnother else { return }
            log.notice("certificate.replaced", ["fingerprint": display(certificate.fingerprint.hex)])
        } catch {
            log.error("certificate.kept", ["reason": "\(error)"])
        }
    }

    /// Somebody has come in, or gone: `in` or `out`.
    func note(_ account: AccountName, _ direction: StaticString, by client: Endpoint) {
        log.info(
            "user.logged", ["message": "User '\(account)' logged \(direction)", "client": client.description])
    }

    /// Ends what was begun by an account that is no longer what it was, registrations included, and says so.
    func endSessions(of account: AccountName, besides own: SessionHandle?) {
        for handle in sessions.all where handle !== own && handle.account == account { handle.revoke() }
        let passes = passes?.revoke(account, now: Int(WallClock.now.milliseconds)) ?? []
        let events = passes.map { EngineEvent.revoked(account: $0.account, taker: $0.taker, expiry: $0.expiry) }
        publish(events.isEmpty ? [.revoked(account: account.bytes, taker: nil, expiry: nil)] : events)
    }

    private func publish(_ events: [EngineEvent]) {
        if !events.isEmpty, !subscriptions.publish(events) { limitLog.note(.waitingEvents, by: nil) }
    }

    /// Somebody is subscribed or nobody any more: events are collected as long as somebody is.
    package func watch() {
        guard engine.read({ $0.isWatched }) != subscriptions.followsEngine else { return }
        engine.write { $0.isWatched = subscriptions.followsEngine }
    }

    /// Asks a peer's port to prove itself; its files are offered when it did. The answer comes late: it counts for who
    /// was asked, if the peer is still that.
    package func prove(_ subject: ProofSubject, token: Bytes, by handle: SessionHandle, on loop: EventLoop) {
        let (id, endpoint) = (subject.id, subject.endpoint)
        let isStillWanted: @Sendable (borrowing Engine) -> Bool = { [sessions] engine in
            sessions.holder(of: id) === handle && subject.isCurrent(in: engine)
        }
        Task(executorPreference: loop) { [self] in
            let start = probeStart(endpoint, now: .now)
            if start == nil { limitLog.note(.probes, by: endpoint) }
            let isProven = await prober.prove(
                endpoint, pin: subject.certificate, token: token, from: start, on: loop
            ) { [engine] in
                engine.read { isStillWanted($0) }
            }
            let isMarked = change(of: [id]) { engine in
                guard isStillWanted(engine) else { return false }
                if isProven { engine.markProven(id) } else { engine.markUnreachable(id) }
                lists.note(isProven ? .proven : .unreachable, of: id)
                return true
            }
            guard isMarked else { return }
            metrics.probes(isProven)
            if isProven { registry.touch(id) }
            log.info(
                isProven ? "peer.proven" : "peer.unreachable", ["id": id, "peer": endpoint.description])
        }
    }

    /// On `loop`: tells subscribers, and once a second gives back what departed peers and slow readers have left behind,
    /// when it is worth the pause.
    package func takeCare(on loop: EventLoop) {
        subscriptions.run(on: loop)
        sweeper.run(for: self, on: loop)
        Task(executorPreference: loop) { [self] in
            let point = WaitPoint(on: loop)
            defer { point.detach() }
            var trims = TrimSchedule(now: .now)
            while !point.isShuttingDown {
                await point.sleep(until: .now + .seconds(1))
                let start = Moment.now
                keepLists(now: start)
                folders.age(now: start, engine)
                let (commands, compactions) = (metrics.commands.value, metrics.compactions.value)
                if trims.isDue(
                    start, commands: commands, compactions: compactions, resident: { Process.residentBytes })
                {
                    Process.trimMemory()
                    trims.noteTrimmed(leaving: Process.residentBytes)
                }
                if engine.write({ $0.beginCompactionIfWorthwhile(now: start) }) { sweeper.wake() }
            }
        }
    }

    /// Writes what the lists have become, and forgets those whose time is over.
    private func keepLists(now: Moment) {
        let isSweeping = engine.write { engine in
            engine.forgetExpired(now: now)
            // Under the lock: who comes back at this moment comes back wholly before or wholly after.
            for id in engine.takeForgotten() { lists.note(.forgotten, of: id) }
            return engine.isSweeping
        }
        if isSweeping { sweeper.wake() }
        lists.flush()
    }

    /// Whether somebody at this address may have a new id.
    func mayTakeID(_ address: IPAddress, now: Moment) -> Bool {
        guard configuration.limits.countsLoopback || !address.isLoopback else { return true }
        let mayTake = ids.withLock { $0.take(address, now: now) }
        if !mayTake { metrics.refusedIDs.add(1) }
        return mayTake
    }

    /// When the proof may begin; nil when this host asks for too many.
    private func probeStart(_ endpoint: Endpoint, now: Moment) -> Moment? {
        guard configuration.limits.countsLoopback || !endpoint.address.isLoopback else { return now }
        return probes.withLock { $0.reserve(endpoint, now: now) }
    }
}
