extension Program {
    /// `peer`.
    package static let peer = Program(
        name: "peer",
        purpose: "shares files with a group, and fetches from everybody who has them.",
        verbs: [
            Verb("menu", "search, download, look around (also without a command)", isService: true),
            Verb("daemon", "share without a menu", isService: true),
            Verb("search", "find files", operands: .query("QUERY")),
            Verb("check", "say whether anybody has NAME: EXIST or NOT_EXIST", operands: .query("NAME")),
            Verb("list", "the names of all files", operands: .query("[QUERY]", isOptional: true)),
            Verb(
                "get", "download a file or FOLDER/, verified (also: download)", aliases: ["download"],
                operands: .query("QUERY|rookery:ROOT"),
                flags: [
                    Flag("--all", "every hit, not just one"),
                    Flag("--to", taking: "D", "folder to download into"),
                    Flag("--from", taking: "ID", "only from this peer"),
                    Flag("--serial", "one file after another, over one connection"),
                    Flag("--move", "take the file away from its owner, who must allow it"),
                ]),
            Verb(
                "stream", "play a file while it comes, in any player", operands: .query("QUERY"),
                flags: [
                    Flag("--player", taking: "P", "program to play it with, such as mpv"),
                    Flag("--to", taking: "D", "folder to download into"),
                    Flag("--from", taking: "ID", "only from this peer"),
                ]),
            Verb(
                "browse", "what a peer shares, a folder at a time", operands: .items("ID [FOLDER]", 1...2),
                flags: [Flag("--missing", "all that it shares and this peer lacks")]),
            Verb(
                "transfers", "the queue: pause, resume or cancel N; move N PLACE",
                operands: .items("[WHAT N]", 0...3).beginning(with: "pause", "resume", "cancel", "move", "list")),
            Verb(
                "wish", "tell when it appears: add QUERY, remove N, list",
                operands: .query("WHAT [QUERY|N]").beginning(with: "add", "remove", "list"),
                flags: [Flag("--get", "download it, too, when it appears")]),
            Verb(
                "status", "how the running peer is doing",
                flags: [Flag("--rare", "its files of which nobody else has a copy")]),
            Verb(
                "limits", "how fast files may go and come, now and later",
                flags: [
                    Flag("--upload", taking: "RATE", "all uploads: 500K, 2M, off, default"),
                    Flag("--per-peer", taking: "RATE", "the uploads to one address"),
                    Flag("--download", taking: "RATE", "all downloads"),
                ]),
            Verb(
                "favourites", "who is served first: add NAME, remove NAME, list",
                operands: .items("WHAT [NAME]", 1...Int.max).beginning(with: "add", "remove", "list")),
            Verb(
                "servers", "to use: add HOST:PORT, remove S, list",
                operands: .items("WHAT [S]", 1...2).beginning(with: "add", "remove", "list")),
            Verb(
                "catalog", "about titles: get T, add T F=V…, edit T F=V…, all",
                operands: .items("WHAT [T F=V…]", 1...Int.max).beginning(with: "get", "add", "edit", "all")),
            Verb("doctor", "what keeps this peer from working, and the remedy"),
            Verb("join", "become a member, by an invitation", operands: .items("LINE", 1...1)),
            Verb("link", "print the rookery:ROOT of a file", operands: .items("FILE", 1...1)),
            Verb(
                "share", "folders: add D, remove D, list, verify (files)",
                operands: .items("WHAT [D]", 1...2).beginning(with: "add", "remove", "list", "verify")),
            Verb("hash", "print ROOT, size and name", operands: .items("FILE…", 1...Int.max)),
        ],
        flags: [
            Flag("--server", taking: "HOST:PORT", "index to use; may be repeated", sets: PeerSettings.servers),
            Flag("--dir", taking: "D", "folder to share and download into", sets: PeerSettings.dir),
            Flag("--state", taking: "D", "folder of its state", sets: PeerSettings.state),
            Flag("--json", "results as JSON"),
            .config, .help, .version,
        ],
        serviceFlags: [
            Flag("--ip", taking: "A", "address to listen on", sets: PeerSettings.ip),
            Flag("--port", taking: "P", "ports to try in this order", sets: PeerSettings.port),
            Flag("--share", taking: "D", "share this folder too; may be repeated", sets: PeerSettings.share),
            Flag("--downloads", taking: "D", "folder for downloads", sets: PeerSettings.downloads),
            Flag("--name", taking: "N", "name that others see", sets: PeerSettings.name),
            Flag("--user", taking: "U", "account on the servers", sets: PeerSettings.user),
            Flag("--password-file", taking: "F", "file that holds the password", sets: PeerSettings.passwordFile),
            Flag("--ownership", taking: "copy|move", "what a download does here", sets: PeerSettings.ownership),
            .printConfig,
            Flag("--log-file", taking: "F", "log to a file", sets: PeerSettings.logFile),
        ],
        examples: [
            "peer --dir ~/Music --server 10.0.0.2"
        ])
}
