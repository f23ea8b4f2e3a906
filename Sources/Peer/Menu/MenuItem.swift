internal import P2PProtocol

/// What can be chosen from the menu: by number, or by word. The first three are the numbers that its users know.
package enum MenuItem: Int, CaseIterable, Sendable {
    case query = 1, library, quit, titles, check, download, move, peers, transfers, all, add, edit, servers, addServer
    case deleteServer, stream, wishes, limits, favourites, help

    /// The word that is shown for it.
    package var word: String {
        switch self {
        case .query: "search X"
        case .library: "library"
        case .quit: "quit"
        case .titles: "get"
        case .check: "check X"
        case .download: "download X"
        case .move: "move X"
        case .peers: "peers"
        case .all: "all"
        case .add: "add X"
        case .edit: "edit X"
        case .servers: "serverlist"
        case .addServer: "addserver S"
        case .deleteServer: "deleteserver S"
        case .stream: "stream X"
        case .wishes: "wish"
        case .limits: "limits"
        case .favourites: "favourites"
        case .help: "help"
        case .transfers: "transfers"
        }
    }

    /// What it does, in a few words.
    package var purpose: String {
        switch self {
        case .query: "query a file"
        case .library: "print library"
        case .quit: "quit (q from anywhere)"
        case .titles: "list all titles; get X tells more of one"
        case .check: "ask which servers know a title"
        case .download: "download a title"
        case .move: "take a title over from its owner"
        case .peers: "list who is connected"
        case .all: "what is known about all titles"
        case .add: "say what is known about a title, where it is missing"
        case .edit: "change what is known about a title"
        case .servers: "the servers in use"
        case .addServer: "use a server, HOST:PORT, too"
        case .deleteServer: "use it no longer"
        case .stream: "play a title while it comes, in any player"
        case .wishes: "what you wait for; also add QUERY [--get], remove N"
        case .limits: "how fast; also upload, per-peer or download RATE"
        case .favourites: "who is served first; also add X, remove X"
        case .help: "this menu"
        case .transfers: "the queue; also pause N, resume N, cancel N, move N PLACE"
        }
    }

    /// The item that a typed word means; nil for anything else.
    init?(word: Bytes) {
        if let number = Decimal.parse(word) {
            self.init(rawValue: number)
            return
        }
        switch String(decoding: word, as: UTF8.self) {
        case "search", "query", "find": self = .query
        case "library": self = .library
        case "quit", "exit", "q": self = .quit
        case "get", "list", "titles": self = .titles
        case "check": self = .check
        case "download": self = .download
        case "move": self = .move
        case "peers": self = .peers
        case "all": self = .all
        case "add": self = .add
        case "edit": self = .edit
        case "transfers", "queue": self = .transfers
        case "serverlist", "servers": self = .servers
        case "addserver": self = .addServer
        case "deleteserver": self = .deleteServer
        case "stream", "play": self = .stream
        case "wish", "wishes": self = .wishes
        case "limits": self = .limits
        case "favourites": self = .favourites
        case "help", "menu", "?", "h": self = .help
        default: return nil
        }
    }

    /// What is asked for when nothing stands behind the word; nil when nothing has to.
    var question: String? {
        switch self {
        case .query, .check, .download, .move, .add, .edit, .stream: "title: "
        case .addServer, .deleteServer: "server (HOST:PORT): "
        default: nil
        }
    }

    /// Whether a title may stand behind the word.
    var takesTitle: Bool {
        switch self {
        case .query, .titles, .check, .download, .move, .add, .edit, .stream: true
        default: false
        }
    }

    /// The menu as it is printed.
    package static var page: String {
        allCases.map { item in
            let number = item.rawValue < 10 ? " \(item.rawValue)" : "\(item.rawValue)"
            let gap = String(repeating: " ", count: max(1, 16 - item.word.count))
            return "\(number)  \(item.word)\(gap)\(item.purpose)\n"
        }.joined()
    }
}
