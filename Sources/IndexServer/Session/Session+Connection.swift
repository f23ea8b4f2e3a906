internal import P2PProtocol
internal import P2PRuntime

/// What every Redis client says on its connection, answered as Redis 7 answers it.
extension Session {
    func greet(_ hello: Hello) throws(WireError) {
        guard let login = hello.login else {
            guard isIn else { throw .noAccountForHello }
            return welcome(hello)
        }
        try logIn(login) { session in session.welcome(hello) }
    }

    private func welcome(_ hello: Hello) {
        if let version = hello.version { writer.version = version }
        if let name = hello.name { handle.name = name }
        writer.map(7)
        writer.bulk("server")
        writer.bulk("redis")
        writer.bulk("version")
        writer.bulk(Bytes(ServerIdentity.redisVersion.utf8))
        writer.bulk("proto")
        writer.integer(writer.version.rawValue)
        writer.bulk("id")
        writer.integer(handle.id)
        writer.bulk("mode")
        writer.bulk("standalone")
        writer.bulk("role")
        writer.bulk("master")
        writer.bulk("modules")
        writer.array(0)
    }

    func ping(_ payload: Bytes?) {
        if !subscriptions.isEmpty, writer.version == .two {
            writer.array(2)
            writer.bulk("pong")
            return writer.bulk(payload ?? [])
        }
        if let payload { writer.bulk(payload) } else { writer.simple("PONG") }
    }

    func quit() {
        unregister(because: "quit")
        writer.simple("OK")
        isClosing = true
    }

    func reset() {
        unregister(because: "reset")
        unsubscribeAll()
        logOut()
        handle.name = []
        writer.version = .two
        writer.simple("RESET")
    }

    // MARK: CLIENT

    func client(_ request: ClientRequest) {
        switch request {
        case .id: writer.integer(handle.id)
        case .name: handle.name.isEmpty ? writer.null() : writer.bulk(handle.name)
        case .info: writer.verbatim(describe(handle))
        case .list: writer.verbatim(server.sessions.all.reduce(into: []) { $0 += describe($1) })
        case .setName(let name):
            handle.name = name
            writer.simple("OK")
        case .setLibrary(let library):
            handle.library = library
            writer.simple("OK")
        case .setLibraryVersion(let version):
            handle.libraryVersion = version
            writer.simple("OK")
        }
    }

    // MARK: COMMAND

    func inquire(_ inquiry: CommandInquiry) {
        switch inquiry {
        case .count: writer.integer(CommandTable.entries.count)
        case .all: CommandTable.write(CommandTable.entries, to: &writer)
        case .info(let names):
            names.isEmpty
                ? CommandTable.write(CommandTable.entries, to: &writer)
                : CommandTable.write(names.map { CommandTable.entry(named: $0) }, to: &writer)
        case .list:
            writer.array(CommandTable.entries.count)
            for entry in CommandTable.entries { writer.bulk(entry.lowerName) }
        case .docs(let names):
            let entries = names.isEmpty ? CommandTable.entries : names.compactMap { CommandTable.entry(named: $0) }
            writer.map(entries.count)
            for entry in entries {
                writer.bulk(entry.lowerName)
                writer.map(1)
                writer.bulk("summary")
                writer.bulk(entry.summary)
            }
        }
    }

    // MARK: INFO

    func info(_ sections: [Bytes]) {
        writer.verbatim(ServerReport(server).text(sections: sections))
    }
}

extension CommandTable.Entry {
    fileprivate var lowerName: Bytes { Bytes("\(name)".lowercased().utf8) }
}

extension CommandTable {
    /// The six elements of Redis 6 for each command, null for the unknown.
    fileprivate static func write(_ entries: [Entry?], to writer: inout ReplyWriter) {
        writer.array(entries.count)
        for entry in entries {
            guard let entry else {
                writer.null()
                continue
            }
            writer.array(6)
            writer.bulk(entry.lowerName)
            writer.integer(entry.arity)
            writer.array(0)
            for _ in 0..<3 { writer.integer(0) }
        }
    }
}
