internal import P2PProtocol
internal import P2PRuntime

/// `peer get` where a peer runs: orders there and looks on.
struct GetThroughPeer {
    /// How long the running peer is left alone after an answer: of many it says so much that asking takes long itself.
    private static func pause(after effort: Duration) -> Duration {
        min(max(.milliseconds(100), effort * 2), .milliseconds(250))
    }
    /// What does not go on for so long is left to the running peer.
    private static let patience: Duration = .seconds(15)
    /// Of one request's body; the peer takes no more than a megabyte.
    private static let bodyBytes = 900 << 10

    let client: ControlClient
    let order: GetCommand.Order

    /// Everything from the first question to the last file.
    func run() async throws -> ExitCode {
        guard let hits = try await hits() else { return .failed }
        var found: [FoundContent]
        if let folder = order.folder {
            found = await FolderSearch(folder, list).contents(hits, from: order.giver)
        } else {
            found = order.wanted(hits)
            if found.isEmpty { found = try await away() }
        }
        guard !found.isEmpty else {
            complain("not found")
            return .notFound
        }
        guard let chosen = order.isLink ? found : await order.choose(found) else { return .misuse }
        // One root has one size: where several are claimed, what most people say is the likeliest.
        let wanted = order.isLink ? Array(chosen.sorted { $0.count > $1.count }.prefix(1)) : chosen
        var sight = try await order(wanted)
        let code = wanted.count == sight.ordered ? ExitCode.done : .failed
        return try await watch(&sight) ? code : .failed
    }

    /// What the query finds; nil when no server answers.
    private func hits() async throws -> [FoundContent]? {
        guard order.isSearch else { return [] }
        let document = try await client.ask(.inquiry(.search(order.query)))
        for complaint in Inquiry.complaints(document) { complain(complaint) }
        guard Inquiry.isAnswered(document) else { return nil }
        return (document["hits"]?.array ?? []).compactMap { FoundContent($0) }
    }

    /// A folder of a peer's share.
    private func list(_ folder: Name?, of peer: PeerReference) async -> [BrowseEntry]? {
        guard let document = try? await client.ask(.inquiry(.browse(peer, folder: folder))) else { return nil }
        for complaint in Inquiry.complaints(document) { complain(complaint) }
        return document["entries"]?.array?.compactMap { BrowseEntry($0) }
    }

    /// What can be ordered though nobody has it who is connected: it comes when one of them is back.
    private func away() async throws -> [FoundContent] {
        let document = try await client.ask(.inquiry(.searchAway(order.query)))
        let found = order.wanted((document["hits"]?.array ?? []).compactMap { FoundContent($0) })
            .filter { $0.root != nil && $0.size != nil }
        if !found.isEmpty { complain("whoever has it is away: it comes when one of them is back") }
        return found
    }

    // MARK: Ordering

    /// Orders what can be had.
    private func order(_ contents: [FoundContent]) async throws -> Sight {
        var sight = Sight()
        var batch: [JSON] = []
        var bytes = 0
        let target = try order.absoluteTarget
        for content in contents {
            guard let root = content.root, let size = content.size else {
                complain("\(display(content.name)): \(content.obstacle ?? "it cannot be downloaded")")
                continue
            }
            let json = TransferOrder(
                root: root, size: size, name: content.name, ownership: order.isMove ? .move : .copy,
                giver: order.giver, target: target,
                folder: content.folder
            ).json
            let count = json.encoded().count
            if batch.count == TransferOrder.mostAtOnce || bytes + count > Self.bodyBytes {
                try await send(batch, &sight)
                (batch, bytes) = ([], 0)
            }
            batch.append(json)
            bytes += count
        }
        try await send(batch, &sight)
        return sight
    }

    private func send(_ orders: [JSON], _ sight: inout Sight) async throws {
        guard !orders.isEmpty else { return }
        let body = JSON.object([JSON.Member("orders", .array(orders))]).encoded()
        // What happened between two answers is in the first one's news.
        let isFirst = sight.ordered == 0
        let (count, revision) = sight.take(try await client.ask(.order, body))
        sight.ordered += count
        if isFirst { sight.revision = revision }
        sight.numbers = sight.reports.keys.sorted()
    }

    // MARK: Looking on

    /// Until all are here, or nothing goes on any more; whether all are here.
    private func watch(_ sight: inout Sight) async throws -> Bool {
        let numbers = sight.numbers
        var open = Set(numbers)
        var results: [JSON] = []
        var hasAll = true
        var news = (moment: Moment.now, done: -1)
        let display = ProgressDisplay(Bytes(ascii: "downloading"))
        defer {
            display.finish()
            order.finish(results)
        }
        while true {
            let asked = Moment.now
            let reports = try await look(&sight)
            let effort = Moment.now.since(asked)
            for report in reports where open.contains(report.number) && (report.isDone || report.isFailed) {
                open.remove(report.number)
                if let result = finish(report) { results.append(result) } else { hasAll = false }
            }
            guard !open.isEmpty else { return hasAll }
            let waiting = reports.filter { open.contains($0.number) }
            guard !waiting.isEmpty else {
                complain("somebody has cancelled it")
                return false
            }
            let done = reports.reduce(0) { $0 &+ $1.done } + numbers.count - open.count
            if done != news.done || waiting.contains(where: { !$0.isStuck }) {
                news = (.now, done)
            }
            if Moment.now.since(news.moment) > Self.patience {
                return waiting.reduce(hasAll) { leave($1, &results) && $0 }
            }
            display.show(Transfer.Progress(sumOf: reports), of: reports.reduce(0) { $0 &+ $1.size })
            try await Task.sleep(for: Self.pause(after: effort))
        }
    }

    /// What is known of the transfers that are looked at.
    private struct Sight {
        /// What is gone makes no news: so often everything is asked for.
        static let wholeEvery = 16

        var numbers: [Int] = []
        /// How many orders were taken; two of them may be one transfer.
        var ordered = 0
        var reports: [Int: TransferReport] = [:]
        var looks = 0
        /// The queue's, when it was asked last.
        var revision = 0

        /// Takes what a document says; of how many transfers, and the revision then.
        mutating func take(_ document: JSON) -> (count: Int, revision: Int) {
            let news = (document["transfers"]?.array ?? []).compactMap { TransferReport($0) }
            for report in news { reports[report.number] = report }
            return (news.count, document["revision"]?.integer ?? 0)
        }
    }

    /// One is asked for by itself, of many what has changed.
    private func look(_ sight: inout Sight) async throws -> [TransferReport] {
        if sight.numbers.count == 1, let number = sight.numbers.first { return try await one(number) }
        sight.looks += 1
        if sight.looks.isMultiple(of: Sight.wholeEvery) { (sight.reports, sight.revision) = ([:], 0) }
        (_, sight.revision) = sight.take(try await client.ask(.news(since: sight.revision)))
        return sight.numbers.compactMap { sight.reports[$0] }
    }

    private func one(_ number: Int) async throws -> [TransferReport] {
        do {
            return try await client.transfers(.transfer(number))
        } catch let refused as ControlClient.Refused where refused.status == .notFound {
            return []
        }
    }

    private func finish(_ report: TransferReport) -> JSON? {
        guard report.isDone, let path = report.path else {
            complain("\(display(report.name)): \(display(report.reason ?? []))")
            return nil
        }
        if let note = report.reason { complain("\(display(path)): \(display(note))") }
        return result(report, at: path)
    }

    /// It goes on without us. What is here already counts as had.
    private func leave(_ report: TransferReport, _ results: inout [JSON]) -> Bool {
        let reason = report.reason.map { display($0) } ?? "it waits"
        complain("\(display(report.name)): \(reason); the running peer goes on, see peer transfers")
        guard report.isSettling, let path = report.path else { return false }
        results.append(result(report, at: path))
        return true
    }

    private func verb(_ report: TransferReport) -> String {
        if report.reason == Bytes(Transfer.wasHere.utf8) { return "already here" }
        return report.isMove ? "moved here" : "downloaded"
    }

    private func result(_ report: TransferReport, at path: Bytes) -> JSON {
        let content = FoundContent(name: report.name, size: report.size, root: report.root, holders: [])
        return order.result(content, at: path, verb: verb(report))
    }
}

extension Transfer.Progress {
    /// Of several together.
    fileprivate init(sumOf reports: [TransferReport]) {
        self.init(
            done: reports.reduce(0) { $0 &+ $1.done }, bytesPerSecond: reports.reduce(0) { $0 &+ $1.bytesPerSecond },
            sources: reports.map(\.sources).max() ?? 0)
    }
}

extension GetCommand.Order {
    /// The folder as the running peer, which stands elsewhere, finds it.
    var absoluteTarget: Bytes? {
        get throws {
            guard let target else { return nil }
            do throws(SystemError) {
                try RootedFolder.makeFolders(target)
                return try Path.resolved(target)
            } catch {
                throw PeerFailure("cannot use the folder \(display(target)): \(error.reason)")
            }
        }
    }
}
