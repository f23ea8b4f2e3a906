internal import P2PProtocol
internal import P2PRuntime

/// What administrators may do. Without accounts they are those who sit at the index's own machine.
extension Session {
    func config(_ request: ConfigRequest) throws(WireError) {
        switch request {
        case .get(let patterns): showSettings(patterns)
        case .set(let changes):
            try requireAdministrator("CONFIG SET")
            try server.settings.change(changes, log: server.log, engine: server.engine)
            for change in changes {
                server.log.notice(
                    "config.changed",
                    ["name": display(change.name), "value": display(change.value), "by": handle.remote.description])
            }
            writer.simple("OK")
        }
    }

    func kick(_ id: PeerID) throws(WireError) {
        try requireAdministrator("KICK")
        guard let holder = server.sessions.holder(of: id) else {
            throw WireError("KICK: no peer with id \(id) is here")
        }
        holder.post(.close(.fatal("an administrator closed this connection")))
        server.log.notice("peer.kicked", ["id": id, "by": handle.remote.description])
        writer.simple("OK")
    }

    /// A line of CLIENT LIST, with Redis's names for what we know.
    func describe(_ other: SessionHandle) -> Bytes {
        let (age, idle) = (now.since(other.since).inSeconds, now.since(other.lastHeard).inSeconds)
        var line = Bytes("id=\(other.id) addr=\(other.remote)".utf8)
        line += Bytes(" laddr=\(other.local?.description ?? "?") fd=\(other.descriptor) name=".utf8) + other.name
        line += Bytes(" age=\(max(0, Int(age))) idle=\(max(0, Int(idle))) flags=N db=0".utf8)
        line += Bytes(" user=\(other.account?.description ?? "default") lib-name=".utf8) + other.library
        line += Bytes(ascii: " lib-ver=") + other.libraryVersion
        return line + [UInt8(ascii: "\n")]
    }

    private func showSettings(_ patterns: [Bytes]) {
        let known =
            ServerReport(server).settings.map { (name: Bytes($0.key.utf8), value: Bytes($0.value.utf8)) }
            + server.settings.all
        let found = known.filter { setting in patterns.contains { GlobPattern($0).matches(setting.name) } }
        writer.map(found.count)
        for setting in found {
            writer.bulk(setting.name)
            writer.bulk(setting.value)
        }
    }

    func requireAdministrator(_ command: String) throws(WireError) {
        guard isAdministrator else {
            throw WireError(
                "\(command): for administrators; without accounts only from the index's own machine", prefix: "NOPERM")
        }
    }
}
