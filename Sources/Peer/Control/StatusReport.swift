internal import P2PProtocol
internal import P2PRuntime

/// How a running peer is doing: the document for programs, and what people read of it.
enum StatusReport {
    /// How long bytes are counted to tell a rate.
    private static let glance: Duration = .milliseconds(500)

    static func document(of application: PeerApplication, _ runner: TransferRunner) async -> JSON {
        let metrics = application.metrics
        let (sent, received) = (metrics.sentBytes.value, metrics.receivedBytes.value)
        let start = Moment.now
        async let peers = application.roster.group.peers()
        try? await Task.sleep(for: glance)
        let seconds = max(0.001, Moment.now.since(start).inSeconds)
        func rate(_ counter: Counter, since before: Int) -> JSON {
            .integer(Int(Double(max(0, counter.value - before)) / seconds))
        }
        let library = application.library
        let bytes = await application.offLoop { library.list().reduce(0) { $0 &+ $1.size } } ?? 0
        let transfers = runner.transfers
        let reports = TransferReport.list(transfers, in: transfers, at: .now)
        return .object([
            JSON.Member("version", .text(Version.current)), JSON.Member("address", .text("\(application.endpoint)")),
            JSON.Member("process", .integer(Process.id)),
            JSON.Member("servers", .array(servers(application.roster, await peers))),
            JSON.Member("files", .integer(library.count)), JSON.Member("bytes", .integer(bytes)),
            JSON.Member("hashing", .integer(await application.offLoop { library.unhashed().count } ?? 0)),
            JSON.Member("uploads", .integer(metrics.activeUploads.value)),
            JSON.Member("waitingUploads", .integer(application.slots.waiting)),
            JSON.Member("sentBytes", .integer(metrics.sentBytes.value)),
            JSON.Member("receivedBytes", .integer(metrics.receivedBytes.value)),
            JSON.Member("sentBytesPerSecond", rate(metrics.sentBytes, since: sent)),
            JSON.Member("receivedBytesPerSecond", rate(metrics.receivedBytes, since: received)),
            JSON.Member("transfers", counts(reports)),
            JSON.Member("stuck", .array(reports.filter { !$0.isDone && $0.reason != nil }.prefix(100).map(\.json))),
        ])
    }

    private static func servers(_ roster: IndexRoster, _ peers: GroupAnswer<[IndexPeer]>) -> [JSON] {
        roster.memberships.map { member in
            let standing = member.standing
            let row = peers.answers.first { $0.server == member.server }?.value
                .first { $0.id == standing?.registration.id }
            var failure: String?
            if case .failure(let reason) = member.link.connection { failure = reason.advice }
            return .object([
                JSON.Member("server", .text("\(member.server)")),
                JSON.Member("id", .optional(standing?.registration.id)),
                JSON.Member("reachable", row?.isReachable.map { .bool($0) } ?? .null),
                JSON.Member("reason", .optional(failure.map { Bytes($0.utf8) })),
            ])
        }
    }

    private static let words = ["running", "queued", "waiting", "paused", "handoff", "cancelled", "failed", "done"]

    static func counts(_ reports: [TransferReport]) -> JSON {
        var counts: [Bytes: Int] = [:]
        for report in reports { counts[report.state, default: 0] += 1 }
        return .object(
            words.map { JSON.Member(Bytes($0.utf8), .integer(counts[Bytes($0.utf8)] ?? 0)) })
    }

    /// The document for people.
    static func text(_ document: JSON) -> String {
        func number(_ key: StaticString) -> Int { document[key]?.integer ?? 0 }
        func word(_ key: StaticString) -> String { display(document[key]?.string ?? []) }
        var text = "peer \(word("version")) at \(word("address")), process \(number("process"))\n"
        for server in document["servers"]?.array ?? [] { text += line(ofServer: server) }
        let hashing = number("hashing") > 0 ? ", \(number("hashing")) being hashed" : ""
        text += "shares    \(number("files")) files, \(Amount.bytes(number("bytes")))\(hashing)\n"
        text += "sent      \(Amount.bytes(number("sentBytes"))), now \(Amount.rate(number("sentBytesPerSecond")))"
        let waiting = number("waitingUploads") > 0 ? ", \(number("waitingUploads")) more wait" : ""
        text += " in \(number("uploads")) uploads\(waiting)\n"
        text += "received  \(Amount.bytes(number("receivedBytes"))), now "
        text += "\(Amount.rate(number("receivedBytesPerSecond")))\n"
        text += self.text(ofCounts: document["transfers"] ?? .null)
        for report in (document["stuck"]?.array ?? []).compactMap({ TransferReport($0) }) {
            text += "  \(report.number)  \(display(Path.lastComponent(of: report.name))): "
            text += "\(display(report.reason ?? []))\n"
        }
        return text
    }

    static func text(ofCounts counts: JSON) -> String {
        let parts = (counts.members ?? []).compactMap { member in
            member.value.integer.flatMap { $0 > 0 ? "\($0) \(display(member.key))" : nil }
        }
        return "transfers \(parts.isEmpty ? "none" : parts.joined(separator: ", "))\n"
    }

    private static func line(ofServer server: JSON) -> String {
        let address = display(server["server"]?.string ?? [])
        guard let id = server["id"]?.integer else {
            return "server    \(address): \(display(server["reason"]?.string ?? Bytes(ascii: "not connected")))\n"
        }
        let reachable =
            switch server["reachable"]?.bool {
            case true?: "others can reach this peer"
            case false?: "nobody can reach this peer"
            case nil: "not known yet whether others can reach this peer"
            }
        return "server    \(address): id \(id), \(reachable)\n"
    }
}
