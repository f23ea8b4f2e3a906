internal import P2PProtocol
internal import P2PRuntime
internal import Synchronization

/// The index from its start to its end.
struct IndexProgram {
    let configuration: IndexConfiguration
    let settings: Settings
    let isDefaultFolder: Bool
    let signals: Signals

    /// Starts everything and prints the listening line; the program then lives on its loops.
    func start() throws {
        let log = try Logger(
            level: configuration.logLevel, file: configuration.logFile)
        Process.raiseDescriptorLimit()
        let folder = try StateFolder.open(configuration.stateFolder, isDefault: isDefaultFolder)
        let storage = WorkerPool(name: "storage", threads: 1, capacity: 100_000)
        let identity = try folder.identity(configuration)
        let certificate = try ServedCertificate(identity, from: configuration.oldestTLS)
        let registry = try Registry(path: folder.file("registry.sqlite"), storage: storage)
        if registry.isDiminished { log.error("registry.lost", ["file": display(folder.file("registry.sqlite"))]) }
        let metadata = try MetadataArchive(path: folder.file("metadata.sqlite"), limits: limits, storage: storage)
        let accounts = try AccountBook(path: folder.file("accounts.sqlite"), storage: storage)
        if let aside = accounts.setAside { log.error("accounts.lost", ["file": display(aside)]) }
        let group = try LoopGroup(count: configuration.loops)
        let listener = try listen(group)
        let printer = configuration.printsDictionary ? DictionaryPrinter() : nil
        let statePath = folder.path
        let server = try Server(
            configuration: configuration, settings: settings, limits: limits, registry: registry, metadata: metadata,
            accounts: accounts, place: listener.endpoint, certificate: certificate, log: log, printer: printer,
            folder: folder)
        if let first = group.loops.first {
            printer?.run(for: server, on: first)
            server.takeCare(on: first)
        }
        // In the background, but before anybody can ask for the end.
        server.lists.open(Recall(server.engine))
        let greeter = ConnectionGreeter(server: server, disk: storage)
        listener.serve { await greeter.serve($0) }
        let control = ControlSocket.path(for: statePath)
        openControl(control, server, group)
        watchSignals(server, group, control)
        StandardOutput.write("index-server listening on \(listener.endpoint)\n")
        log.notice(
            "server.started",
            [
                "address": listener.endpoint.description, "version": Version.current,
                "fingerprint": display(identity.fingerprint.hex),
            ])
        if Process.environment("SWIFT_DETERMINISTIC_HASHING") != nil {
            // Strangers who can foretell the hash of a name can make all of theirs collide.
            log.warning("server.hashing_predictable", ["variable": "SWIFT_DETERMINISTIC_HASHING"])
        }
        if configuration.isClosed, accounts.count == 0 {
            log.warning("server.without_accounts", ["remedy": "index-server invite NAME --dir \(display(statePath))"])
        }
        if !configuration.isClosed, !configuration.address.isLoopback {
            log.warning("server.open", ["address": listener.endpoint.description, "accounts": "open"])
        }
    }

    private var limits: Limits {
        var limits = Limits.standard
        limits.filesPerPeer = configuration.limits.filesPerPeer
        limits.filesInAll = configuration.limits.files
        limits.rememberedFiles = configuration.limits.rememberedFiles
        limits.outputCeiling = configuration.limits.outputBytes
        return limits
    }

    /// The first port of the list that is free.
    private func listen(_ group: LoopGroup) throws -> Listener {
        var last: SystemError?
        for port in configuration.ports {
            do throws(SystemError) {
                return try Listener(on: Endpoint(address: configuration.address, port: port), group: group)
            } catch {
                last = error
                guard error.isAddressInUse || error.isPermissionDenied else { break }
            }
        }
        throw IndexFailure("cannot listen: \(last?.description ?? "no port is given"); try --port with another one")
    }

    /// Lets the programs of its own user in, as administrators: `index-server user` and `invite`. Without that the index
    /// works all the same.
    private func openControl(_ path: Bytes?, _ server: Server, _ group: LoopGroup) {
        do {
            guard let path else { throw IndexFailure("its path is too long, and XDG_RUNTIME_DIR is not set") }
            let listener = try Listener(at: path, group: group)
            listener.serve { stream in
                let session = Session(
                    server: server, stream: stream, initial: [], loginDeadline: .distantFuture, isOwner: true)
                await session.run()
            }
        } catch {
            server.log.warning("control.failed", ["error": "\(error)"])
        }
    }

    /// The first SIGTERM or Ctrl-C lets everybody finish, the second does not; SIGHUP reopens the log.
    private func watchSignals(_ server: Server, _ group: LoopGroup, _ control: Bytes?) {
        guard let loop = group.loops.first else { return }
        let hasBegun = Atomic<Bool>(false)
        signals.serve(on: loop) { event in
            switch event {
            case .reload:
                server.log.reopen()
                server.reloadCertificate()
            case .terminate:
                if hasBegun.exchange(true, ordering: .relaxed) { Process.exit(1) }
                server.log.notice("server.stopping", ["connections": server.sessions.count])
                group.drain()
                Task(executorPreference: loop) { await leave(server, loop, control) }
            }
        }
    }

    private func leave(_ server: Server, _ loop: EventLoop, _ control: Bytes?) async {
        let deadline = Moment.now + .seconds(3)
        let point = WaitPoint(on: loop)
        while server.sessions.count > 0, Moment.now < deadline {
            _ = await point.wait(for: [], until: .now + .milliseconds(10))
        }
        await server.printer?.print(server)
        await server.lists.settle()
        do {
            try await server.registry.settle()
            try await server.metadata.settle()
            try await server.accounts.settle()
        } catch {
            // Nothing is lost: the next start reads the journals.
            server.log.warning("storage.unsettled", ["error": "\(error)"])
        }
        // Nobody shall try it.
        if let control { try? RootedFolder(Path.parent(of: control)).removeFile(Path.lastComponent(of: control)) }
        server.log.notice("server.stopped")
        server.log.flush()
        Process.exit(0)
    }
}
