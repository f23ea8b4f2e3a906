internal import P2PProtocol
internal import P2PRuntime

/// What the command line asks for, with everything that the configuration says.
struct PeerProgram {
    let invocation: Invocation
    let configuration: PeerConfiguration

    init(_ invocation: Invocation, _ settings: Settings) throws(Misuse) {
        self.invocation = invocation
        let configuration = try PeerConfiguration(settings, home: HomeFolder(environment: Process.environment))
        self.configuration = configuration.choosing(configuration.savedServers.servers)
    }

    /// Whether it is to end in order when it is told to, rather than at once.
    var endsInOrder: Bool { ["menu", "daemon", "get", "stream"].contains(invocation.verb) }

    /// Does it, and says how the program is to end; `signals` for what ends in order.
    func run(_ signals: Signals?) async throws -> ExitCode {
        switch invocation.verb {
        case "hash": return try await FileCommand(files: invocation.operands, isJSON: isJSON).hash()
        case "link": return try await FileCommand(files: invocation.operands, isJSON: isJSON).link()
        case "share":
            let order = try ShareCommand.Order(invocation.operands)
            return try await ShareCommand(configuration: configuration, isJSON: isJSON).run(order)
        case "search": return try await ask(.search(invocation.query))
        case "check": return try await ask(.check(invocation.query))
        case "list": return try await ask(.list(invocation.query))
        case "browse": return try await ask(try browse)
        case "transfers":
            let order = try TransfersCommand.Order(invocation.operands)
            return try await TransfersCommand(configuration: configuration, loop: try loop, isJSON: isJSON).run(order)
        case "status":
            let command = StatusCommand(configuration: configuration, loop: try loop, isJSON: isJSON)
            return try await invocation.has("--rare") ? command.showRare() : command.run()
        case "wish":
            let order = try WishCommand.Order(invocation.operands)
            let command = WishCommand(
                configuration: configuration, isFetched: invocation.has("--get"), isJSON: isJSON)
            return try command.run(order)
        case "doctor":
            return try await DoctorCommand(configuration: configuration, loop: try loop, isJSON: isJSON).run()
        case "limits":
            let changes = try LimitsCommand.changes(invocation)
            return try LimitsCommand(configuration: configuration, isJSON: isJSON).run(changes)
        case "favourites":
            let order = try FavouritesCommand.Order(invocation.operands)
            return try FavouritesCommand(configuration: configuration, isJSON: isJSON).run(order)
        case "catalog":
            let order = try CatalogCommand.Order(invocation.operands)
            let loop = try loop
            let servers = try await current(on: loop).requiredServers
            let group = IndexGroup(try await configuration.links(to: servers, on: loop))
            return await CatalogCommand(group: group, user: configuration.speaker, isJSON: isJSON).run(order)
        case "servers":
            let order = try ServersCommand.Order(invocation.operands)
            let configuration = if case .list = order { try await current(on: try loop) } else { configuration }
            return try ServersCommand(configuration: configuration, isJSON: isJSON).run(order)
        case "join":
            return try await JoinCommand(configuration: configuration, loop: try loop).run(invocation.query)
        case "get": return try await get(signals)
        case "stream": return try await stream(signals)
        case "daemon": return try await daemon(signals)
        default: return try await menu(signals)
        }
    }

    private var isJSON: Bool { invocation.has("--json") }

    /// For a command that asks something and ends.
    var loop: EventLoop {
        get throws {
            guard let loop = try LoopGroup(count: 1).loops.first else { throw PeerFailure("no event loop") }
            return loop
        }
    }

    private func ask(_ inquiry: Inquiry) async throws -> ExitCode {
        try await InquiryCommand(configuration: configuration, loop: try loop, isJSON: isJSON).run(inquiry)
    }

    /// With the servers of the peer that runs on the same state, where there is one.
    private func current(on loop: EventLoop) async throws -> PeerConfiguration {
        configuration.choosing(try await ControlClient.find(configuration, on: loop)?.servers ?? [])
    }

    private var browse: Inquiry {
        get throws(Misuse) {
            let words = invocation.operands
            guard let peer = words.first.flatMap({ PeerReference($0) }) else {
                throw Misuse("browse needs a peer's number, or NUMBER@HOST:PORT; peers are listed in the menu")
            }
            let isMissing = invocation.has("--missing")
            guard words.count > 1 else {
                return isMissing ? .missing(peer, folder: nil) : .browse(peer, folder: nil)
            }
            let slash = UInt8(ascii: "/")
            guard let folder = Name(validating: words[1].last == slash ? words[1].dropLast() : words[1][...]) else {
                throw Misuse("that is no folder's name")
            }
            return isMissing ? .missing(peer, folder: folder) : .browse(peer, folder: folder)
        }
    }

    func log(onStandardError: Bool) throws -> Logger {
        try Logger(level: configuration.logLevel, file: configuration.logFile, onStandardError: onStandardError)
    }

    // MARK: What keeps running

    private func daemon(_ signals: Signals?) async throws -> ExitCode {
        let application = try start(onStandardError: true, signals)
        async let joined: Void = application.roster.join()
        await application.share()
        application.follow()
        application.fetchQueued()
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
        application.fetchQueued()
        await joined
        let lines = LineReader()
        guard await application.settleLogin(asking: lines) else { throw PeerFailure("no server lets us in") }
        Task { await application.hash(showing: false) }
        var session = MenuSession(application, lines: lines)
        await session.run()
        await application.leave()
        return .done
    }

    private func start(onStandardError: Bool, _ signals: Signals?) throws -> PeerApplication {
        _ = try configuration.requiredServers
        let manner = PeerApplication.Manner(ports: Array(configuration.ports), isSharing: true)
        let application = try PeerApplication(configuration, manner, log: try log(onStandardError: onStandardError))
        application.watch(signals, endingWith: .done)
        application.openControl()
        application.followServers()
        application.followWishes()
        application.followLimits()
        StandardOutput.write("peer listening on \(application.endpoint)\n")
        return application
    }

    private func get(_ signals: Signals?) async throws -> ExitCode {
        let order = try GetCommand.Order(invocation)
        let loop = try loop
        if let client = try await ControlClient.find(configuration, on: loop) {
            signals?.serve(on: loop) { _ in
                StatusLine.clear()
                complain("it goes on in the running peer; peer transfers shows it")
                Process.exit(ExitCode.failed.rawValue)
            }
            return try await GetThroughPeer(client: client, order: order).run()
        }
        _ = try configuration.requiredServers
        let manner = PeerApplication.Manner(ports: [0], isSharing: false, target: order.target)
        let application = try PeerApplication(configuration, manner, log: try log(onStandardError: false))
        application.watch(signals, endingWith: .failed)
        let code = await GetCommand(application: application, order: order).run()
        await application.leave()
        return code
    }
}
