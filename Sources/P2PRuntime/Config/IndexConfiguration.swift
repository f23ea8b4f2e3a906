package import P2PProtocol

/// How the index is to run.
package struct IndexConfiguration: Sendable, Equatable {
    /// Who may come in.
    package enum Accounts: String, Sendable {
        case open
        case closed
        /// Open on loopback, closed elsewhere.
        case auto
    }

    /// Where to listen.
    package let address: IPAddress
    package let ports: PortList
    package let stateFolder: Bytes
    package let name: Bytes
    package let accounts: Accounts
    /// The user's own certificate; its key may be in the same file.
    package let certificateFile: Bytes?
    package let certificateKeyFile: Bytes?
    package let oldestTLS: TLSContext.Version
    /// How long a pass to a peer is good.
    package let ticketLife: Duration
    package let printsDictionary: Bool
    package let logFile: Bytes?
    package let logLevel: LogLevel
    /// 0 is one for each usable core.
    package let loops: Int
    package let allowsForeignHosts: Bool
    package let limits: IndexLimits

    /// The typed view of the index's section.
    package init(_ settings: Settings, home: HomeFolder) throws(Misuse) {
        address = IPAddress(literal: settings.bytes(IndexSettings.ip)) ?? .loopback
        ports = try settings.ports(IndexSettings.port)
        stateFolder = try home.expand(settings.bytes(IndexSettings.dir))
        name = settings.bytes(IndexSettings.name)
        accounts = Accounts(rawValue: settings.text(IndexSettings.accounts)) ?? .auto
        certificateFile = try settings.optionalPath(IndexSettings.certificate, home)
        certificateKeyFile = try settings.optionalPath(IndexSettings.certificateKey, home)
        oldestTLS = settings.text(IndexSettings.oldestTLS) == "1.2" ? .tls12 : .tls13
        ticketLife = .seconds(settings.integer(IndexSettings.ticketLife))
        printsDictionary = settings.flag(IndexSettings.printDictionary)
        logFile = try settings.optionalPath(IndexSettings.logFile, home)
        logLevel = LogLevel(name: settings.text(IndexSettings.logLevel)) ?? .info
        loops = settings.integer(IndexSettings.loops)
        allowsForeignHosts = settings.flag(IndexSettings.allowForeignHosts)
        limits = IndexLimits(settings)
    }

    /// Whether an account is needed.
    package var isClosed: Bool {
        accounts == .closed || (accounts == .auto && !address.isLoopback)
    }
}

/// What the index's users may take up.
package struct IndexLimits: Sendable, Equatable {
    package let connections: Int
    package let connectionsPerAddress: Int
    package let connectionsPerAccount: Int
    package let registrationsPerAddress: Int
    package let registrationsPerAccount: Int
    /// 0 is any number.
    package let requestsPerSecond: Int
    package let idsPerAddress: Int
    package let filesPerPeer: Int
    package let files: Int
    package let rememberedFiles: Int
    package let outputBytes: Int
    package let outputTotal: Int
    /// For readers and writers whose output or command is under way.
    package let patience: Duration
    /// Silence after which an unregistered connection is closed; nil is never.
    package let idle: Duration?
    /// Time to log in where an account is needed.
    package let login: Duration
    package let loginDelay: Duration
    package let lease: Duration
    /// A minute.
    package let probesPerPort: Int
    package let probesPerHost: Int
    package let countsLoopback: Bool

    /// The typed view of its `"limits"`.
    package init(_ settings: Settings) {
        connections = settings.integer(IndexSettings.Limits.connections)
        connectionsPerAddress = settings.integer(IndexSettings.Limits.connectionsPerAddress)
        connectionsPerAccount = settings.integer(IndexSettings.Limits.connectionsPerAccount)
        registrationsPerAccount = settings.integer(IndexSettings.Limits.registrationsPerAccount)
        requestsPerSecond = settings.integer(IndexSettings.Limits.requestsPerSecond)
        registrationsPerAddress = settings.integer(IndexSettings.Limits.registrationsPerAddress)
        idsPerAddress = settings.integer(IndexSettings.Limits.idsPerAddress)
        filesPerPeer = settings.integer(IndexSettings.Limits.filesPerPeer)
        files = settings.integer(IndexSettings.Limits.files)
        rememberedFiles = settings.integer(IndexSettings.Limits.rememberedFiles)
        outputBytes = settings.integer(IndexSettings.Limits.outputBytes)
        outputTotal = settings.integer(IndexSettings.Limits.outputTotal)
        patience = .seconds(settings.integer(IndexSettings.Limits.patience))
        let silence = settings.integer(IndexSettings.Limits.idle)
        idle = silence == 0 ? nil : .seconds(silence)
        login = .seconds(settings.integer(IndexSettings.Limits.login))
        loginDelay = .seconds(settings.integer(IndexSettings.Limits.loginDelay))
        lease = .seconds(settings.integer(IndexSettings.Limits.lease))
        probesPerPort = settings.integer(IndexSettings.Limits.probesPerPort)
        probesPerHost = settings.integer(IndexSettings.Limits.probesPerHost)
        countsLoopback = settings.flag(IndexSettings.Limits.countLoopback)
    }
}
