internal import Glibc
internal import P2PProtocol
internal import P2PRuntime

/// `peer doctor`: looks at all that can keep a peer from working, and says what to do about it.
struct DoctorCommand {
    private static let patience: Duration = .seconds(4)

    let configuration: PeerConfiguration
    let loop: EventLoop
    let isJSON: Bool

    func run() async throws -> ExitCode {
        let running = try await ControlClient.find(configuration, on: loop)
        let status = try await running?.ask(.status)
        var findings = [Self.program(status, configuration)]
        if let status { findings += Self.ports(status) } else { findings.append(freePort) }
        findings += try await look(at: running?.servers ?? configuration.servers, registered: status)
        findings += folders
        findings += Diagnosis.machine(
            watches: Self.number(in: "/proc/sys/fs/inotify/max_user_watches"),
            descriptors: Process.raiseDescriptorLimit())
        show(findings)
        return findings.contains { $0.verdict == .fail } ? .failed : .done
    }

    private func show(_ findings: [Finding]) {
        guard !isJSON else {
            let document = JSON.object([JSON.Member("checks", .array(findings.map(\.json)))])
            return StandardOutput.write(document.encoded() + [UInt8(ascii: "\n")])
        }
        let style = TerminalStyle(isTerminal: StandardOutput.isTerminal)
        for finding in findings {
            let word = Display.padded(Bytes(finding.verdict.rawValue.utf8), to: 4)
            let subject = Display.padded(Bytes(finding.subject.utf8), to: 9)
            StandardOutput.write("\(style.paint(word, finding.verdict.meaning))  \(subject)  \(finding.text)\n")
            if let advice = finding.advice {
                StandardOutput.write("      \(String(repeating: " ", count: 11))\(advice)\n")
            }
        }
    }

    // MARK: The program

    private static func program(_ status: JSON?, _ configuration: PeerConfiguration) -> Finding {
        guard let status else {
            return Finding(
                "peer", .warn, "none is running on \(display(configuration.stateFolder))", advice: "peer daemon")
        }
        let (process, address) = (status["process"]?.integer ?? 0, display(status["address"]?.string ?? []))
        return Finding("peer", .ok, "runs at \(address), process \(process)")
    }

    private static func ports(_ status: JSON) -> [Finding] {
        let address = String(decoding: status["address"]?.string ?? [], as: UTF8.self)
        let port = address.split(separator: ":").last.flatMap { Int($0) }
        return (status["servers"]?.array ?? []).compactMap { row in
            guard row["id"]?.integer != nil,
                let server = ServerAddress(String(decoding: row["server"]?.string ?? [], as: UTF8.self))
            else { return nil }
            return Diagnosis.reachability(row["reachable"]?.bool, at: server, port: port)
        }
    }

    /// Whether a peer that starts now finds a port to listen on.
    private var freePort: Finding {
        let address = configuration.listenAddress(for: configuration.servers)
        for port in configuration.ports {
            if (try? Socket.listen(on: Endpoint(address: address, port: port))) != nil {
                return Finding("port", .ok, "\(Endpoint(address: address, port: port)) is free")
            }
        }
        return Finding("port", .fail, "none of the ports can be listened on", advice: "give another one: --port 0")
    }

    // MARK: Servers

    /// Those of the running peer, else the saved or configured ones. What only a running peer may ask, who has another
    /// login, its own registration answers.
    private func look(at servers: [ServerAddress], registered status: JSON?) async throws -> [Finding] {
        guard !servers.isEmpty else {
            return [Finding("server", .fail, "none is known", advice: "peer servers add HOST:PORT")]
        }
        let rows = (status?["servers"]?.array ?? []).filter { $0["id"]?.integer != nil }
        let registered = Set(rows.compactMap { $0["server"]?.string })
        let links = await IndexLink.open(to: servers, on: loop, as: try configuration.account)
        let answer = await IndexGroup(links).ask {
            connection throws(IndexFailure) in
            try await Self.look(at: connection)
        }
        return servers.flatMap { server in
            if let facts = answer.answers.first(where: { $0.server == server })?.value {
                return Diagnosis.server(server, facts)
            }
            let failure = answer.failures.first { $0.server == server }?.failure ?? .timedOut
            if failure.needsAccount || failure.isWrongLogin, registered.contains(Bytes(server.description.utf8)) {
                return [Finding("server", .ok, "\(server): the running peer is registered there")]
            }
            let advice = "start index-server there, or use another one: peer servers add"
            return [
                Finding("server", .fail, "\(server): \(failure)", advice: failure.isAbsence ? advice : nil)
            ]
        }
    }

    private static func look(at connection: IndexConnection) async throws(IndexFailure) -> Diagnosis.ServerFacts {
        var facts = Diagnosis.ServerFacts()
        let begun = Moment.now
        _ = try await connection.ask(.ping(nil), within: patience)
        facts.latency = Moment.now.since(begun)
        let text = try await connection.ask(.info([]), within: patience).bytes ?? []
        var rows: [Bytes: Bytes] = [:]
        for line in text.split(whereSeparator: { $0 == 13 || $0 == 10 }) {
            let parts = line.split(separator: UInt8(ascii: ":"), maxSplits: 1)
            if parts.count == 2 { rows[Bytes(parts[0])] = Bytes(parts[1]) }
        }
        facts.version = rows[Bytes(ascii: "rookery_version")]
        if let time = rows[Bytes(ascii: "server_time_usec")].flatMap({ Decimal.parse($0) }) {
            facts.clockAhead = .milliseconds(WallClock.now.milliseconds - Int64(time / 1_000))
        }
        return facts
    }

    // MARK: The machine

    private var folders: [Finding] {
        let saved = SavedShares(file: Path.join(configuration.stateFolder, Bytes(ascii: "shares")))
        let shares = configuration.folders(saved).dropFirst().map(\.path)
        return [
            Self.folder("downloads", configuration.downloads, writes: true),
            Self.folder("state", configuration.stateFolder, writes: true),
        ] + shares.map { Self.folder("share", $0, writes: false) }
    }

    private static func folder(_ name: String, _ path: Bytes, writes: Bool) -> Finding {
        var facts = Diagnosis.FolderFacts()
        let text = String(decoding: path, as: UTF8.self)
        facts.isThere = access(text, F_OK) == 0
        facts.isReadable = access(text, R_OK | X_OK) == 0
        facts.isWritable = access(text, W_OK) == 0
        facts.freeBytes = try? RootedFolder(path).room().freeBytes
        return Diagnosis.folder(name, path, facts, writes: writes)
    }

    private static func number(in file: String) -> Int? {
        var text = Bytes(repeating: 0, count: 64)
        guard let file = try? Descriptor.openFile(Bytes(file.utf8)),
            let count = try? text.withUnsafeMutableBytes({ try file.read(into: $0, at: 0) })
        else { return nil }
        return Decimal.parse(text[..<count].prefix { $0 != UInt8(ascii: "\n") })
    }
}

extension Finding.Verdict {
    fileprivate var meaning: TerminalStyle.Meaning {
        switch self {
        case .ok: .good
        case .warn: .careful
        case .fail: .bad
        }
    }
}
