internal import P2PProtocol
package import P2PRuntime

/// Everything that a peer gives to others over HTTP (docs/PROTOCOL-HTTP.md, "Targets").
package struct PeerService: Sendable {
    /// The tokens of the registrations; whoever registers this peer keeps them current.
    package let tokens = ProofTokens()
    /// Who may come in.
    package let gate: PassGate

    private let library: Library
    private let disk: WorkerPool
    private let handoffs: HandoffDesk
    private let metrics: PeerMetrics
    private let log: Logger
    private let contents: ContentResource
    private let share: ShareView

    package init(
        _ library: Library, unfinished: UnfinishedContents = UnfinishedContents(), cache: HashCache, disk: WorkerPool,
        handoffs: HandoffDesk, slots: UploadSlots = UploadSlots(16), pace: UploadPace = UploadPace(),
        gate: PassGate = PassGate(), metrics: PeerMetrics, log: Logger = .silent
    ) {
        self.gate = gate
        self.library = library
        self.disk = disk
        self.handoffs = handoffs
        self.metrics = metrics
        self.log = log
        contents = ContentResource(
            library: library, unfinished: unfinished, cache: cache, disk: disk, slots: slots, pace: pace,
            metrics: metrics,
            log: log)
        share = ShareView(library)
    }

    /// Answers a request: the service of an `HTTPServer`.
    package func answer(_ request: HTTPRequest) async -> HTTPResponse {
        metrics.requests.add()
        let response = await respond(to: request)
        // The query stays out of the log: it may carry a ticket.
        log.debug(
            "http.request",
            [
                "method": request.head.method.rawValue, "path": request.head.target.path,
                "status": response.head.status.code, "from": request.remote,
            ])
        return response
    }

    private func respond(to request: HTTPRequest) async -> HTTPResponse {
        switch PeerRoute.find(request.head) {
        case .refused where gate.isClosed && request.head.ticket == nil: return .withoutPass
        case .refused(let status, let allow): return Self.refusal(status, allow: allow)
        case .found(let route):
            do {
                // Before anything is looked for: who may not come in learns nothing of what there is.
                let pass = try gate.admit(request, to: route)
                var response = try await serve(route, for: request)
                if let pass { response.isWanted = { pass.isGood } }
                return response
            } catch let refusal as PassGate.Refusal {
                return refusal.response
            } catch is WorkerPool.Busy {
                return .later("too busy")
            } catch {
                log.error("http.failed", ["path": request.head.target.path, "reason": "\(error)"])
                return .text(.internalError, "this peer could not do that; its log says why")
            }
        }
    }

    private func serve(_ route: PeerRoute, for request: HTTPRequest) async throws -> HTTPResponse {
        switch route {
        case .content(let root, let name): try await contents.content(root, name: name, for: request)
        case .pieces(let root): try await contents.pieces(root, for: request)
        case .have(let root): contents.have(root)
        case .sharePage(let path, let cursor): try await list(path, cursor, as: Self.page)
        case .shareList(let path, let cursor): try await list(path, cursor, as: Self.document)
        case .metrics: HTTPResponse(.ok, try await disk.run { metrics.page }, type: ContentType.metrics)
        case .ping(let nonce): ping(nonce, from: request.remote)
        case .handoff(let root, let taker):
            try await handOff(root, to: taker, for: request)
        }
    }

    // MARK: Resources

    private func list(
        _ path: Bytes, _ cursor: Bytes?, as form: @escaping @Sendable (ShareListing) -> HTTPResponse
    ) async throws -> HTTPResponse {
        guard let cursor = ShareCursor(cursor) else { return .text(.badRequest, "no such cursor") }
        let limit = Limits.standard.pageMaximum
        return try await disk.run { [share] in
            share.sorted().listing(of: path, from: cursor, limit: limit).map(form) ?? .notFound
        }
    }

    private func ping(_ nonce: Bytes?, from asker: Endpoint) -> HTTPResponse {
        guard let nonce else { return .text(.ok, "pong") }
        guard let proof = tokens.answer(to: nonce, from: asker.address) else { return .later("not registered yet") }
        return HTTPResponse(.ok, proof, type: ContentType.plainText)
    }

    private func handOff(_ root: Digest, to taker: HandoffTaker, for request: HTTPRequest) async throws -> HTTPResponse
    {
        let response = try await handoffs.settle(root, for: taker, in: library, disk: disk)
        log.info(
            "handoff.asked",
            ["root": root, "taker": taker.bytes, "status": response.head.status.code, "from": request.remote])
        return response
    }

    // MARK: Forms

    private static func page(_ listing: ShareListing) -> HTTPResponse {
        let bytes = SharePage(listing).bytes
        return HTTPResponse(
            ResponseHead(.ok, bodyBytes: bytes.count, type: ContentType.html, safety: .page), .bytes(bytes))
    }

    private static func document(_ listing: ShareListing) -> HTTPResponse {
        HTTPResponse(.ok, listing.json, type: ContentType.json)
    }

    private static func refusal(_ status: HTTPStatus, allow: String?) -> HTTPResponse {
        var response = HTTPResponse.text(status, status.reason.lowercased())
        if let allow { response.head.fields.append("Allow", Bytes(allow.utf8)) }
        return response
    }
}
