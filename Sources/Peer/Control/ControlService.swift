internal import P2PProtocol
internal import P2PRuntime

/// Answers its own user's programs: the service of the control socket's `HTTPServer`.
struct ControlService: Sendable {
    let application: PeerApplication
    let transfers: TransferRunner

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        switch ControlRoute.find(request.head) {
        case .refused(let status): return Self.refusal(status, status.reason.lowercased())
        case .found(let route):
            do {
                return try await respond(to: route, request.body)
            } catch let refusal as TransferQueue.Refusal {
                return Self.refusal(refusal == .unknown ? .notFound : .conflict, refusal.words)
            } catch let misuse as Misuse {
                return Self.refusal(.badRequest, "\(misuse)")
            } catch {
                return Self.refusal(.internalError, "\(error)")
            }
        }
    }

    private func respond(to route: ControlRoute, _ body: Bytes) async throws -> HTTPResponse {
        switch route {
        case .about: Self.document(about)
        case .status: Self.document(await StatusReport.document(of: application, transfers))
        case .rare: Self.document(await RareFiles.document(of: application))
        case .inquiry(let inquiry): Self.document(await answer(inquiry))
        case .transfers: Self.document(await list(transfers.transfers))
        case .news(let revision): Self.document(news(since: revision))
        case .order: try await order(body)
        case .play: try await play(body)
        case .transfer(let number): try await one(transfers[number])
        case .pause(let number):
            try await one(
                transfers.change(number) { queue, number throws(Refusal) in
                    try queue.pause(number)
                })
        case .resume(let number):
            try await one(
                transfers.change(number) { queue, number throws(Refusal) in
                    try queue.resume(number)
                })
        case .cancel(let number):
            try await one(
                transfers.change(number) { queue, number throws(Refusal) in
                    try queue.cancel(number)
                })
        case .move(let number, let place):
            try await one(
                transfers.change(number) { queue, number throws(Refusal) in
                    try queue.move(number, to: place)
                })
        }
    }

    private typealias Refusal = TransferQueue.Refusal

    private var about: JSON {
        .object([
            JSON.Member("version", .text(Version.current)), JSON.Member("address", .text("\(application.endpoint)")),
            JSON.Member("process", .integer(Process.id)),
            JSON.Member("servers", .array(application.roster.servers.map { .text($0.text) })),
        ])
    }

    private func answer(_ inquiry: Inquiry) async -> JSON {
        let library = application.library
        return await inquiry.document(from: application.roster.group) { !library.entries(of: $0).isEmpty }
    }

    // MARK: Transfers

    private func order(_ body: Bytes) async throws -> HTTPResponse {
        let orders = try TransferOrder.list(body)
        let (taken, revision) = try await transfers.take(orders)
        guard taken.count == orders.count else {
            return Self.refusal(.unavailable, "the queue is full: \(TransferQueue.most) transfers wait in it")
        }
        return Self.document(list(taken, at: revision))
    }

    private func play(_ body: Bytes) async throws -> HTTPResponse {
        guard let order = try TransferOrder.list(body).first else { throw Misuse("expected an order") }
        let (url, number) = try await application.play(order)
        return Self.document(
            .object([JSON.Member("url", .string(url)), JSON.Member("transfer", .optional(number))]))
    }

    private func one(_ transfer: Transfer?) async throws -> HTTPResponse {
        guard let transfer else { return Self.refusal(.notFound, Refusal.unknown.words) }
        return Self.document(await list([transfer]))
    }

    private func news(since revision: Int) -> JSON {
        let (changed, now) = transfers.news(since: revision)
        return list(changed, at: now)
    }

    private func list(_ wanted: [Transfer], at revision: Int) -> JSON {
        let reports = TransferReport.list(wanted, in: transfers.transfers, at: .now)
        return .object([
            JSON.Member("transfers", .array(reports.map(\.json))), JSON.Member("revision", .integer(revision)),
        ])
    }

    private func list(_ wanted: [Transfer]) async -> JSON {
        let reports = TransferReport.list(wanted, in: transfers.transfers, at: .now)
        return .object([JSON.Member("transfers", .array(reports.map(\.json)))])
    }

    // MARK: Forms

    private static func document(_ json: JSON) -> HTTPResponse {
        HTTPResponse(.ok, json.encoded() + [UInt8(ascii: "\n")], type: ContentType.json)
    }

    private static func refusal(_ status: HTTPStatus, _ reason: String) -> HTTPResponse {
        let document = JSON.object([JSON.Member("error", .text(reason))])
        return HTTPResponse(status, document.encoded() + [UInt8(ascii: "\n")], type: ContentType.json)
    }
}

extension TransferReport {
    /// Those that are wanted, with their places among all.
    static func list(_ wanted: [Transfer], in all: [Transfer], at now: Moment) -> [TransferReport] {
        var places: [Int: Int] = [:]
        for transfer in all {
            if case .done = transfer.state { continue }
            places[transfer.number] = places.count + 1
        }
        return wanted.map { TransferReport($0, place: places[$0.number], at: now) }
    }
}

extension TransferQueue.Refusal {
    /// For a person.
    var words: String {
        switch self {
        case .unknown: "there is no such transfer"
        case .isDone: "it is done"
        case .isSettling: "it is here, and only its former owner is still to let go of it"
        case .isCancelled: "it was cancelled"
        }
    }
}

extension TransferOrder {
    /// Orders at a time, and the bytes of a request that carries them: its own user's programs may say more at once
    /// than strangers.
    static let mostAtOnce = 2_000
    static let limits = {
        var limits = Limits.standard
        (limits.bodyBytes, limits.jsonBytes) = (1 << 20, 1 << 20)
        return limits
    }()

    /// For programs.
    var json: JSON {
        .object(
            [
                JSON.Member("root", .string(root.hex)), JSON.Member("size", .integer(size)),
                JSON.Member("ownership", .text(ownership == .move ? "move" : "copy")),
                JSON.Member("from", .optional(giver?.text)),
            ] + JSON.members(name: name) + (target.map { JSON.members(name: $0, key: "to") } ?? [])
                + (folder.isEmpty ? [] : JSON.members(name: folder, key: "folder")))
    }

    /// The orders in a body: `{"orders":[{root,size,name,…}]}`.
    static func list(_ body: Bytes) throws(Misuse) -> [TransferOrder] {
        guard let document = try? JSON.parse(body, limits: limits), let entries = document["orders"]?.array else {
            throw Misuse("expected {\"orders\":[…]}")
        }
        guard entries.count <= mostAtOnce else { throw Misuse("at most \(mostAtOnce) orders at a time") }
        var orders: [TransferOrder] = []
        for entry in entries {
            guard let order = TransferOrder(entry) else {
                throw Misuse("an order has root, size, name, and perhaps ownership, from, to (full path) and folder")
            }
            orders.append(order)
        }
        return orders
    }

    private init?(_ json: JSON) {
        let limits = Limits.standard
        guard let root = json["root"]?.string.flatMap({ Digest(hex: $0) }), let size = json["size"]?.integer,
            (0...limits.fileBytes).contains(size), let name = json.name(), (1...limits.nameBytes).contains(name.count)
        else { return nil }
        let from = json["from"]?.string
        let giver = from.flatMap { PeerReference($0) }
        let target = json.name("to")
        let isTarget = target.map { $0.first == UInt8(ascii: "/") && $0.count < 4_096 && !$0.contains(0) } ?? true
        guard from == nil || giver != nil, isTarget else { return nil }
        self.init(
            root: root, size: size, name: name,
            ownership: json["ownership"]?.string == Bytes(ascii: "move") ? .move : .copy, giver: giver, target: target,
            folder: Self.folder(json.name("folder") ?? []))
    }

    /// Made harmless here as well: what is asked over the socket may come from any program.
    private static func folder(_ path: Bytes) -> Bytes {
        Name(validating: path).map { LocalName.relativePath(of: $0) } ?? []
    }
}
