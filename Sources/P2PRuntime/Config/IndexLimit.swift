internal import P2PProtocol

/// A limit of the index that its users can come up against: one label of `rookery_index_limit_total`, one row of the
/// table in docs/OPERATIONS.md.
package enum IndexLimit: String, CaseIterable, Sendable {
    case connections
    case connectionsPerAddress
    case connectionsPerAccount
    case registrationsPerAddress
    case registrationsPerAccount
    case requestsPerSecond
    case filesPerPeer
    case files
    case commandBytes
    case slowWriter
    case slowReader
    case outputBytes
    case outputTotal
    case idle
    case login
    case errorsBeforeLogin
    case waitingLogins
    case loginDelay
    case subscriptions
    case subscriptionsInAll
    case subscriptionsPerWord
    case messages
    case waitingEvents
    case probes

    /// Where it stands among all.
    package var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// What it bounds, and what follows when it is reached.
    package var meaning: (bound: String, consequence: String) {
        switch self {
        case .connections: ("connections at a time", "an error, then closed")
        case .connectionsPerAddress: ("connections at a time from one address", "an error, then closed")
        case .registrationsPerAddress: ("registered peers at a time from one address", "REG is refused")
        case .connectionsPerAccount: ("connections at a time of one account", "AUTH, HELLO are refused")
        case .registrationsPerAccount: ("registered peers at a time of one account", "REG is refused")
        case .requestsPerSecond: ("requests a second of one address, and of one account", "the next are read later")
        case .filesPerPeer: ("entries of one peer", "REG, UPD are refused; what is listed stays")
        case .files: ("entries of all peers together", "REG, UPD are refused; what is listed stays")
        case .commandBytes: ("bytes and arguments of one command", "an error, then closed")
        case .slowWriter: ("time for a command that has begun, and a second more for each 16 KiB", "closed")
        case .slowReader: ("time in which a reader takes 64 KiB of what waits for it", "closed")
        case .outputBytes: ("output that waits for one reader; none of its commands is read from 256 KiB on", "closed")
        case .outputTotal:
            ("output that waits for readers, and commands for their rest, of all", "who has most waiting is closed")
        case .idle: ("silence of an unregistered connection", "closed")
        case .login: ("time to log in where an account is needed", "closed")
        case .errorsBeforeLogin: ("errors of a connection that has to log in", "closed")
        case .waitingLogins: ("passwords that wait to be compared", "AUTH, HELLO: busy")
        case .loginDelay: ("delay after a failed login, up to 30 s; tries beyond that are put off", "AUTH, HELLO: busy")
        case .subscriptions: ("channels of one connection", "SUBSCRIBE is refused")
        case .subscriptionsInAll: ("bytes of all subscriptions together", "SUBSCRIBE is refused")
        case .subscriptionsPerWord:
            ("different queries that wait for the same words, or for none", "SUBSCRIBE is refused")
        case .messages: ("bytes of messages that wait for one subscriber", "an error, then closed")
        case .waitingEvents: ("events that wait to be told", "all subscribers get an error and are closed")
        case .probes: ("proofs of one port, and of one host's ports, a minute", "the proof waits for a new REG")
        }
    }

    /// The setting that moves it; nil when it stands in the code.
    package var setting: Setting? {
        switch self {
        case .connections: IndexSettings.Limits.connections
        case .connectionsPerAddress: IndexSettings.Limits.connectionsPerAddress
        case .registrationsPerAddress: IndexSettings.Limits.registrationsPerAddress
        case .connectionsPerAccount: IndexSettings.Limits.connectionsPerAccount
        case .registrationsPerAccount: IndexSettings.Limits.registrationsPerAccount
        case .requestsPerSecond: IndexSettings.Limits.requestsPerSecond
        case .filesPerPeer: IndexSettings.Limits.filesPerPeer
        case .files: IndexSettings.Limits.files
        case .slowReader, .slowWriter: IndexSettings.Limits.patience
        case .outputBytes: IndexSettings.Limits.outputBytes
        case .outputTotal: IndexSettings.Limits.outputTotal
        case .idle: IndexSettings.Limits.idle
        case .probes: IndexSettings.Limits.probesPerHost
        case .login: IndexSettings.Limits.login
        case .loginDelay: IndexSettings.Limits.loginDelay
        case .errorsBeforeLogin, .waitingLogins: nil
        case .commandBytes, .subscriptions, .subscriptionsInAll, .subscriptionsPerWord, .messages, .waitingEvents: nil
        }
    }

    /// What it is where no setting moves it.
    package var fixed: Int? {
        switch self {
        case .commandBytes: Limits.standard.commandBytes
        case .subscriptions: Limits.standard.subscriptions
        case .subscriptionsInAll: Limits.standard.subscriptionBytes
        case .subscriptionsPerWord: Limits.standard.subscriptionsPerAnchor
        case .messages: Limits.standard.messageBytes
        case .waitingEvents: Limits.standard.waitingEvents
        case .errorsBeforeLogin: Limits.standard.errorsBeforeLogin
        case .waitingLogins: Limits.standard.waitingLogins
        default: nil
        }
    }
}
