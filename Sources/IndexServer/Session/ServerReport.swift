internal import P2PProtocol
internal import P2PRuntime

/// What the programs call themselves where Redis clients look.
enum ServerIdentity {
    /// The Redis whose manners we have: clients decide by this what they may ask.
    static let redisVersion = "7.2.0"
}

/// `INFO`, in Redis's sections, with one of our own.
struct ServerReport {
    private let server: Server

    init(_ server: Server) { self.server = server }

    /// The sections by these names; all of them without names.
    func text(sections names: [Bytes]) -> Bytes {
        let wanted = names.map { String(decoding: $0, as: UTF8.self).lowercased() }
        let isEverything = !Set(wanted).isDisjoint(with: ["all", "everything"])
        let isUsual = isEverything || wanted.isEmpty || wanted.contains("default")
        let usual = sections.filter { isUsual || wanted.contains($0.name.lowercased()) }
            .map { ($0.name, $0.rows.map { ($0.key, $0.value) }) }
        let others = details.filter { isEverything || wanted.contains($0.name.lowercased()) }
        let texts = (usual + others).map { name, rows in
            rows.reduce("# \(name)\r\n") { $0 + "\($1.0):\($1.1)\r\n" }
        }
        return Bytes(texts.joined(separator: "\r\n").utf8)
    }

    /// What CONFIG GET shows: what stock clients ask a Redis for, as it is here.
    var settings: KeyValuePairs<String, String> {
        [
            "save": "", "appendonly": "no", "databases": "1", "timeout": "0", "maxmemory": "0",
            "maxclients": "\(server.settings.maximumConnections)",
            "proto-max-bulk-len": "\(server.limits.commandBytes)", "port": "\(server.place.port)",
            "bind": "\(server.place.address)", "fingerprint": display(server.certificate.fingerprint.hex),
        ]
    }

    /// The numbers of an index, for INFO's last section and for `/api/v1/stats`.
    var statistics: KeyValuePairs<StaticString, Int> {
        let (peers, entries, contents, names) = server.engine.read {
            ($0.peerCount, $0.entryCount, $0.contentCount, $0.nameCount)
        }
        return [
            "peers": peers, "entries": entries, "contents": contents, "names": names,
            "connections": server.sessions.count, "subscribers": server.subscriptions.count,
            "commands": server.metrics.commands.value, "errors": server.metrics.errors.value,
            "uptime": Int(Moment.now.since(server.started).inSeconds), "memory": Process.residentBytes,
            "waiting_output": server.waiting.bytes, "waiting_events": server.subscriptions.waitingCount,
        ]
    }

    /// As Redis shows them, and only when asked for by name: how often each kind of command was answered, and how long
    /// it took.
    private var details: [(name: String, rows: [(String, String)])] {
        let commands = server.latencies.snapshots.map { kind, snapshot in
            let total = Int(snapshot.sum * 1e6)
            let mean = Double(total) / Double(max(1, snapshot.count))
            let tenths = Int(mean * 10)
            return (
                "cmdstat_\(kind)",
                "calls=\(snapshot.count),usec=\(total),usec_per_call=\(tenths / 10).\(tenths % 10)"
            )
        }
        let limits = IndexLimit.allCases.map { ("limit_\($0.rawValue)", "\(server.limitLog.count(of: $0))") }
        return [("Commandstats", commands), ("Limits", limits)]
    }

    private var sections: [(name: String, rows: KeyValuePairs<String, String>)] {
        let (peers, entries, contents, names) = server.engine.read {
            ($0.peerCount, $0.entryCount, $0.contentCount, $0.nameCount)
        }
        let uptime = Int(Moment.now.since(server.started).inSeconds)
        let memory = Process.residentBytes
        return [
            (
                "Server",
                [
                    "redis_version": ServerIdentity.redisVersion, "rookery_version": Version.current,
                    "redis_mode": "standalone", "os": "Linux", "arch_bits": "64", "process_id": "\(Process.id)",
                    "server_time_usec": "\(WallClock.now.milliseconds * 1_000)", "tcp_port": "\(server.place.port)",
                    "uptime_in_seconds": "\(uptime)",
                    "uptime_in_days": "\(uptime / 86_400)",
                ]
            ),
            (
                "Clients",
                [
                    "connected_clients": "\(server.sessions.count)",
                    "maxclients": "\(server.settings.maximumConnections)", "blocked_clients": "0",
                ]
            ),
            (
                "Memory",
                [
                    "used_memory": "\(memory)", "used_memory_human": "\(memory >> 10)K",
                    "used_memory_rss": "\(memory)",
                ]
            ),
            (
                "Stats",
                [
                    "total_connections_received": "\(server.metrics.connections.value)",
                    "total_commands_processed": "\(server.metrics.commands.value)",
                    "total_net_input_bytes": "\(server.metrics.receivedBytes.value)",
                    "total_error_replies": "\(server.metrics.errors.value)",
                    "pubsub_channels": "\(server.subscriptions.count)",
                ]
            ),
            ("Replication", ["role": "master", "connected_slaves": "0"]),
            (
                "Rookery",
                ["peers": "\(peers)", "entries": "\(entries)", "contents": "\(contents)", "names": "\(names)"]
            ),
            ("Keyspace", ["db0": "keys=\(names),expires=0,avg_ttl=0"]),
        ]
    }
}
