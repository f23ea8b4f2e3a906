extension Program {
    /// `index-server`.
    package static let indexServer = Program(
        name: "index-server",
        purpose: "knows who shares what, and tells those who ask.",
        verbs: [
            Verb("serve", "run the index (also when no command is given)", isService: true),
            Verb(
                "user", "accounts: add, remove or passwd NAME, or list",
                operands: .items("ACTION [NAME]", 1...2),
                flags: [
                    Flag("--admin", "add an administrator"),
                    Flag("--password-file", taking: "F", "read the password from a file or pipe"),
                    Flag("--json", "list as JSON"),
                ]),
            Verb(
                "invite", "print the line by which NAME joins", operands: .items("NAME", 1...1),
                flags: [
                    Flag("--expires", taking: "T", "how long it is good: 90s, 12h, 7d [7d]"),
                    Flag("--at", taking: "HOST:PORT", "where the new member finds the index"),
                ]),
            Verb("check-config", "say whether the configuration is right, and where not"),
        ],
        flags: [
            .config,
            Flag("--ip", taking: "A", "address to listen on", sets: IndexSettings.ip),
            Flag("--port", taking: "P|P-Q,…", "ports to try in this order", sets: IndexSettings.port),
            Flag("--dir", taking: "STATE", "folder of its state", sets: IndexSettings.dir),
            Flag("--name", taking: "N", "name that it tells its users", sets: IndexSettings.name),
            Flag("--accounts", taking: "open|closed", "who may come in", sets: IndexSettings.accounts),
            Flag("--print-dictionary", "print who has what after each change", sets: IndexSettings.printDictionary),
            .printConfig,
            Flag("--log-file", taking: "F", "log to a file too", sets: IndexSettings.logFile),
            Flag("--log-level", taking: "L", "error … trace", sets: IndexSettings.logLevel),
            .help, .version,
        ],
        serviceFlags: [],
        examples: [
            "index-server --print-dictionary",
            "index-server --ip 0.0.0.0 --accounts open --port 8888",
        ])
}
