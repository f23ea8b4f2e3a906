package import P2PProtocol

/// How the peer is to run.
package struct PeerConfiguration: Sendable, Equatable {
    /// What a download from here does to the file.
    package enum Ownership: String, Sendable {
        case copy
        case move
    }

    /// Indexes to register with and to ask.
    package private(set) var servers: [ServerAddress]
    /// Flags win over the peer's saved list, which wins over the rest of the configuration.
    package let serversAreFromFlags: Bool
    /// Nobody has named a server yet; a configuration that repeats what is built in does not count.
    package private(set) var serversAreBuiltIn: Bool
    /// Nil is auto: see `listenAddress(for:)`.
    package let address: IPAddress?
    package let ports: PortList
    /// Shared with bare names, and where downloads go.
    package let downloads: Bytes
    /// Further shared folders; their names begin with the folder's own.
    package let shares: [Bytes]
    /// Patterns of what lies in them and is not shared.
    package let ignored: [Bytes]
    package let stateFolder: Bytes
    package let name: Bytes
    package let user: Bytes?
    package let passwordFile: Bytes?
    package let ownership: Ownership
    package let lease: Duration
    /// 0 is one for each usable core.
    package let loops: Int
    package let uploadSlots: Int
    /// Nil is no limit.
    package let uploadBytesPerSecond: Int?
    package let uploadBytesPerSecondPerPeer: Int?
    /// Names, ids or addresses of those who are served first.
    package let favourites: [Bytes]
    /// Of the queue, at a time.
    package let parallelDownloads: Int
    package let downloadBytesPerSecond: Int?
    package let logFile: Bytes?
    package let logLevel: LogLevel

    /// The typed view of the peer's section.
    package init(_ settings: Settings, home: HomeFolder) throws(Misuse) {
        servers = settings.list(PeerSettings.servers).compactMap { ServerAddress(String(decoding: $0, as: UTF8.self)) }
        serversAreFromFlags = settings.layer(of: PeerSettings.servers) == .flags
        serversAreBuiltIn = settings.list(PeerSettings.servers) == Settings().list(PeerSettings.servers)
        address = IPAddress(literal: settings.bytes(PeerSettings.ip))
        ports = try settings.ports(PeerSettings.port)
        downloads = try settings.folder(PeerSettings.downloads, within: "", home)
        stateFolder = try settings.folder(PeerSettings.state, within: "/.rookery", home)
        var shares: [Bytes] = []
        for folder in settings.list(PeerSettings.share) { shares.append(try home.expand(folder)) }
        self.shares = shares
        ignored = settings.list(PeerSettings.ignore)
        name = settings.bytes(PeerSettings.name)
        user = settings.optionalText(PeerSettings.user)
        passwordFile = try settings.optionalPath(PeerSettings.passwordFile, home)
        ownership = Ownership(rawValue: settings.text(PeerSettings.ownership)) ?? .copy
        lease = .seconds(settings.integer(PeerSettings.lease))
        loops = settings.integer(PeerSettings.loops)
        uploadSlots = settings.integer(PeerSettings.uploadSlots)
        uploadBytesPerSecond = settings.rate(PeerSettings.uploadLimit)
        uploadBytesPerSecondPerPeer = settings.rate(PeerSettings.uploadLimitPerPeer)
        favourites = settings.list(PeerSettings.favourites)
        parallelDownloads = settings.integer(PeerSettings.parallelDownloads)
        downloadBytesPerSecond = settings.rate(PeerSettings.downloadLimit)
        logFile = try settings.optionalPath(PeerSettings.logFile, home)
        logLevel = LogLevel(name: settings.text(PeerSettings.logLevel)) ?? .info
    }

    /// The same with the servers that the user has chosen, where there are any, and no flags that say others.
    package func choosing(_ saved: [ServerAddress]) -> PeerConfiguration {
        guard !serversAreFromFlags, !saved.isEmpty else { return self }
        var configuration = self
        configuration.servers = saved
        configuration.serversAreBuiltIn = false
        return configuration
    }

    /// Where to listen, given the servers in use: everywhere, unless all of them are on this machine.
    package func listenAddress(for servers: [ServerAddress]) -> IPAddress {
        if let address { return address }
        let areAllHere = servers.allSatisfy { $0.host == "localhost" || IPAddress($0.host)?.isLoopback == true }
        return areAllHere ? .loopback : .any
    }
}

extension Settings {
    func ports(_ setting: Setting) throws(Misuse) -> PortList {
        guard let ports = PortList(bytes(setting)) else {
            throw Misuse("\(setting.path): expected \(setting.kind.expectation)")
        }
        return ports
    }

    func optionalText(_ setting: Setting) -> Bytes? {
        let text = bytes(setting)
        return text.isEmpty ? nil : text
    }

    func optionalPath(_ setting: Setting, _ home: HomeFolder) throws(Misuse) -> Bytes? {
        guard let path = optionalText(setting) else { return nil }
        return try home.expand(path)
    }

    fileprivate func rate(_ setting: Setting) -> Int? {
        let limit = integer(setting)
        return limit == 0 ? nil : limit
    }

    /// A folder of its own, or its place in `peer.dir`: the one that was said with more weight. In one layer the more
    /// exact one wins, unless it only repeats what is built in: so do complete files, to which somebody adds a `dir`.
    fileprivate func folder(
        _ setting: Setting, within suffix: StaticString, _ home: HomeFolder
    ) throws(Misuse) -> Bytes {
        let (own, shared) = (layer(of: setting), layer(of: PeerSettings.dir))
        let isOwn = own > shared || (own == shared && value(of: setting) != setting.builtIn)
        guard !isOwn, let dir = try optionalPath(PeerSettings.dir, home) else {
            return try home.expand(bytes(setting))
        }
        return dir + Bytes(ascii: suffix)
    }
}
