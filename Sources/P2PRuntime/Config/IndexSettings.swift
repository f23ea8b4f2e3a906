/// The `"index"` section of the configuration.
package enum IndexSettings {
    package static let ip = Setting(
        "index.ip", .address(allowsAuto: false), .text("127.0.0.1"), "Address to listen on.")
    package static let port = Setting(
        "index.port", .ports, .text("8888,7777,8889-8899"), "Ports to try, in this order; 0 is any free one.")
    package static let dir = Setting(
        "index.dir", .path(isOptional: false), .text("~/.local/share/rookery/index"), "Folder of the index's state.")
    package static let name = Setting(
        "index.name", .text(maximumBytes: 64), .text(""), "Name that the index tells its users.")
    package static let accounts = Setting(
        "index.accounts", .choice(["open", "closed", "auto"]), .text("auto"),
        "Who may come in; auto is open on loopback and closed elsewhere.")
    package static let certificate = Setting(
        "index.certificate", .path(isOptional: true), .text(""),
        "PEM file with the certificate for encrypted connections; empty is one of its own.")
    package static let certificateKey = Setting(
        "index.certificateKey", .path(isOptional: true), .text(""),
        "PEM file with the certificate's key; empty is the certificate's file.")
    package static let oldestTLS = Setting(
        "index.oldestTLS", .choice(["1.3", "1.2"]), .text("1.3"), "Oldest version of TLS that is spoken.")
    package static let ticketLife = Setting(
        "index.ticketLife", .seconds(1...86_400), .integer(3_600), "How long a pass to a peer is good.")
    package static let printDictionary = Setting(
        "index.printDictionary", .flag, .flag(false), "Print the dictionary after each change.")
    package static let logFile = Setting(
        "index.logFile", .path(isOptional: true), .text(""), "File to log to, besides standard error.")
    package static let logLevel = Setting(
        "index.logLevel", .choice(LogLevel.allCases.map(\.name)), .text("info"), "Least level that is logged.")
    package static let loops = Setting(
        "index.loops", .integer(0...1_024), .integer(0), "Event loops; 0 is one for each usable core.")
    package static let allowForeignHosts = Setting(
        "index.allowForeignHosts", .flag, .flag(false),
        "Let peers register another address than the one they connect from.")

    private static let network = [
        ip, port, dir, name, accounts, certificate, certificateKey, oldestTLS, ticketLife, printDictionary, logFile,
        logLevel, loops,
    ]

    /// In the order of the file.
    package static let all = network + [allowForeignHosts] + Limits.all

    /// The `"limits"` within it.
    package enum Limits {
        package static let connections = Setting(
            "index.limits.connections", .integer(1...1_000_000), .integer(100_000), "Connections at a time.")
        package static let connectionsPerAddress = Setting(
            "index.limits.connectionsPerAddress", .integer(1...1_000_000), .integer(1_024),
            "Connections at a time from one address.")
        package static let registrationsPerAddress = Setting(
            "index.limits.registrationsPerAddress", .integer(1...1_000_000), .integer(256),
            "Registered peers at a time from one address.")
        package static let connectionsPerAccount = Setting(
            "index.limits.connectionsPerAccount", .integer(1...1_000_000), .integer(2_048),
            "Connections at a time of one account.")
        package static let registrationsPerAccount = Setting(
            "index.limits.registrationsPerAccount", .integer(1...1_000_000), .integer(1_024),
            "Registered peers at a time of one account.")
        package static let requestsPerSecond = Setting(
            "index.limits.requestsPerSecond", .integer(0...10_000_000), .integer(100_000),
            "Requests a second of one address, and of one account; who asks faster is read later; 0 is no limit.")
        package static let idsPerAddress = Setting(
            "index.limits.idsPerAddress", .integer(1...1_000_000), .integer(300), "New ids for one address a minute.")
        package static let filesPerPeer = Setting(
            "index.limits.filesPerPeer", .integer(1...1_000_000_000), .integer(5_000_000), "Entries of one peer.")
        package static let files = Setting(
            "index.limits.files", .integer(1...4_000_000_000), .integer(50_000_000), "Entries of all peers together.")
        package static let rememberedFiles = Setting(
            "index.limits.rememberedFiles", .integer(0...50_000_000), .integer(2_000_000),
            "Files of peers that left that are remembered for 30 days; 0 is none.")
        package static let outputBytes = Setting(
            "index.limits.outputBytes", .byteSize((64 << 10)...(1 << 30)), .integer(32 << 20),
            "Output that may wait for a slow reader before it is disconnected.")
        package static let outputTotal = Setting(
            "index.limits.outputTotal", .byteSize((1 << 20)...(1 << 40)), .integer(512 << 20),
            "Output and unfinished commands that may wait of all together before who has most is disconnected.")
        package static let patience = Setting(
            "index.limits.patience", .seconds(1...3_600), .integer(30),
            "Time in which a slow reader must take, and a slow writer send, some of what is under way.")
        package static let idle = Setting(
            "index.limits.idle", .seconds(0...31_536_000), .integer(0),
            "Silence after which an unregistered connection is closed; 0 is never.")
        package static let login = Setting(
            "index.limits.login", .seconds(1...3_600), .integer(10), "Time to log in where an account is needed.")
        package static let loginDelay = Setting(
            "index.limits.loginDelay", .seconds(0...60), .integer(1),
            "Delay after a failed login; it grows with each further one.")
        package static let lease = Setting(
            "index.limits.lease", .seconds(1...86_400), .integer(3_600), "Longest lease that a peer may ask for.")
        package static let probesPerPort = Setting(
            "index.limits.probesPerPort", .integer(1...60), .integer(1), "Proofs of one port a minute.")
        package static let probesPerHost = Setting(
            "index.limits.probesPerHost", .integer(1...6_000), .integer(10), "Proofs of one host's ports a minute.")
        package static let countLoopback = Setting(
            "index.limits.countLoopback", .flag, .flag(false), "Limits per address count for loopback too.")

        static let all = [
            connections, connectionsPerAddress, connectionsPerAccount, registrationsPerAddress, registrationsPerAccount,
            idsPerAddress, requestsPerSecond, filesPerPeer, files, rememberedFiles, outputBytes, outputTotal, patience,
            idle, login, loginDelay, lease, probesPerPort,
            probesPerHost, countLoopback,
        ]
    }
}
