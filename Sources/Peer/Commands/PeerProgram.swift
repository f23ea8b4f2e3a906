internal import P2PProtocol
internal import P2PRuntime

/// What the command line asks for, with everything that the configuration says.
struct PeerProgram {
    let invocation: Invocation
    let configuration: PeerConfiguration

    init(_ invocation: Invocation, _ settings: Settings) throws(Misuse) {
        self.invocation = invocation
        configuration = try PeerConfiguration(settings, home: HomeFolder(environment: Process.environment))
    }

    /// Whether it is to end in order when it is told to, rather than at once.
    var endsInOrder: Bool { ["menu", "daemon", "get"].contains(invocation.verb) }

    /// Does it, and says how the program is to end; `signals` for what ends in order.
    func run(_ signals: Signals?) async throws -> ExitCode {
        switch invocation.verb {
        case "hash": return try await FileCommand(files: invocation.operands, isJSON: isJSON).hash()
        case "link": return try await FileCommand(files: invocation.operands, isJSON: isJSON).link()
        case "share":
            let order = try ShareCommand.Order(invocation.operands)
            return try await ShareCommand(configuration: configuration, isJSON: isJSON).run(order)
        case "search": return await (try inquiry()).search(invocation.query)
        case "check": return await (try inquiry()).check(invocation.query)
        case "list": return await (try inquiry()).list(invocation.query)
        case "catalog":
            let order = try CatalogCommand.Order(invocation.operands)
            let inquiry = try inquiry()
            let group = await inquiry.group()
            return await CatalogCommand(group: group, user: configuration.speaker, isJSON: isJSON).run(order)
        case "get": return try await get(signals)
        case "daemon": return try await daemon(signals)
        default: return try await menu(signals)
        }
    }

    private var isJSON: Bool { invocation.has("--json") }

    private func inquiry() throws -> InquiryCommand {
        InquiryCommand(servers: try servers, loops: try LoopGroup(count: 1), isJSON: isJSON)
    }

    private var servers: [ServerAddress] {
        get throws(Misuse) {
            guard !configuration.servers.isEmpty else { throw Misuse("no server: give one with --server HOST:PORT") }
            return configuration.servers
        }
    }

    private func log(onStandardError: Bool) throws -> Logger {
        try Logger(level: configuration.logLevel, file: configuration.logFile, onStandardError: onStandardError)
    }

    // MARK: What keeps running

    private func daemon(_ signals: Signals?) async throws -> ExitCode {
        let application = try start(onStandardError: true, signals)
        async let joined: Void = application.roster.join()
        await application.share()
        application.follow()
        await application.hash(showing: true)
        await joined
        while true { try await Task.sleep(for: .seconds(86_400)) }
    }

    private func menu(_ signals: Signals?) async throws -> ExitCode {
        let application = try start(onStandardError: false, signals)
        // Both before the first prompt, so that the first query knows the library and finds the servers.
        async let joined: Void = application.roster.join()
        await application.share()
        application.follow()
        await joined
        Task { await application.hash(showing: false) }
        var session = MenuSession(application, lines: LineReader())
        await session.run()
        await application.leave()
        return .done
    }

    private func start(onStandardError: Bool, _ signals: Signals?) throws -> PeerApplication {
        _ = try servers
        let manner = PeerApplication.Manner(ports: Array(configuration.ports), isSharing: true)
        let application = try PeerApplication(configuration, manner, log: try log(onStandardError: onStandardError))
        application.watch(signals, endingWith: .done)
        StandardOutput.write("peer listening on \(application.endpoint)\n")
        return application
    }

    private func get(_ signals: Signals?) async throws -> ExitCode {
        let order = try GetCommand.Order(invocation)
        _ = try servers
        let manner = PeerApplication.Manner(ports: [0], isSharing: false, target: order.target)
        let application = try PeerApplication(configuration, manner, log: try log(onStandardError: false))
        application.watch(signals, endingWith: .failed)
        let code = await GetCommand(application: application, order: order).run()
        await application.leave()
        return code
    }
}
