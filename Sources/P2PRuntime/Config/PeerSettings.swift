internal import P2PProtocol

/// The `"peer"` section of the configuration.
package enum PeerSettings {
    package static let servers = Setting(
        "peer.servers", .servers, .list([Bytes(ascii: "127.0.0.1:8888")]), "Indexes to register with and to ask.")
    package static let ip = Setting(
        "peer.ip", .address(allowsAuto: true), .text("auto"),
        "Address to listen on; auto is every address, or loopback when all servers are there.")
    package static let port = Setting(
        "peer.port", .ports, .text("6699-6799"), "Ports to try, in this order; 0 is any free one.")
    package static let dir = Setting(
        "peer.dir", .path(isOptional: true), .text(""),
        "One folder to share and download into, with the state in .rookery.")
    package static let share = Setting(
        "peer.share", .paths, .list([]), "Folders to share besides the downloads.")
    package static let ignore = Setting(
        "peer.ignore", .patterns,
        .list(
            [
                "*.tmp", "*.crdownload", "*.partial", "*~", "Thumbs.db", "desktop.ini", ".DS_Store", "@eaDir",
                "lost+found", "$RECYCLE.BIN",
            ].map { Bytes($0.utf8) }),
        "Files and folders that are not shared; with a slash, by the path below the share. Hidden ones never are.")
    package static let downloads = Setting(
        "peer.downloads", .path(isOptional: false), .text("~/Rookery"), "Folder for downloads, which is shared too.")
    package static let state = Setting(
        "peer.state", .path(isOptional: false), .text("~/.local/share/rookery/peer"), "Folder of the peer's state.")
    package static let name = Setting(
        "peer.name", .text(maximumBytes: 64), .text(""), "Name that others see.")
    package static let user = Setting(
        "peer.user", .text(maximumBytes: 64), .text(""), "Account on the servers that want one.")
    package static let passwordFile = Setting(
        "peer.passwordFile", .path(isOptional: true), .text(""), "File that holds the account's password.")
    package static let ownership = Setting(
        "peer.ownership", .choice(["copy", "move"]), .text("copy"),
        "What a download does here: copy leaves the file, move lends it away.")
    package static let lease = Setting(
        "peer.lease", .seconds(5...3_600), .integer(30), "Lease asked for: an index forgets a silent peer after it.")
    package static let loops = Setting(
        "peer.loops", .integer(0...1_024), .integer(0), "Event loops; 0 is one for each usable core.")
    package static let uploadSlots = Setting(
        "peer.uploadSlots", .integer(1...10_000), .integer(16),
        "Uploads at a time, at most half of them to one address; further requests wait.")
    package static let uploadLimit = Setting(
        "peer.uploadLimit", .byteSize(0...(1 << 40)), .integer(0), "Bytes a second for all uploads; 0 is no limit.")
    package static let uploadLimitPerPeer = Setting(
        "peer.uploadLimitPerPeer", .byteSize(0...(1 << 40)), .integer(0),
        "Bytes a second for the uploads to one address; 0 is no limit.")
    package static let favourites = Setting(
        "peer.favourites", .people, .list([]),
        "Whose requests are served first: names, ids (5 or 5@HOST:PORT) or addresses.")
    package static let parallelDownloads = Setting(
        "peer.parallelDownloads", .integer(1...64), .integer(4),
        "Files of the queue that are fetched at a time; small ones that go together count as one.")
    package static let downloadLimit = Setting(
        "peer.downloadLimit", .byteSize(0...(1 << 40)), .integer(0),
        "Bytes a second for all downloads; 0 is no limit.")
    package static let logFile = Setting(
        "peer.logFile", .path(isOptional: true), .text(""), "File to log to.")
    package static let logLevel = Setting(
        "peer.logLevel", .choice(LogLevel.allCases.map(\.name)), .text("info"), "Least level that is logged.")

    /// In the order of the file.
    package static let all = [
        servers, ip, port, dir, share, ignore, downloads, state, name, user, passwordFile, ownership, lease, loops,
        uploadSlots, uploadLimit, uploadLimitPerPeer, favourites, parallelDownloads, downloadLimit, logFile, logLevel,
    ]
}
