internal import P2PProtocol
internal import P2PRuntime

/// What programs read over HTTP: the answers of SEARCH, PEERS, BROWSE and INFO as JSON, under `/api/v1/`. The engine
/// makes the answers; RESP and this page only write them.
struct IndexAPI {
    static let prefix = Bytes(ascii: "/api/v1/")

    let server: Server

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        guard request.head.method == .get || request.head.method == .head else {
            var response = failure(.methodNotAllowed, "only GET and HEAD are answered here")
            response.head.fields.append("Allow", "GET, HEAD")
            return response
        }
        guard isMeant(request) else { return failure(.forbidden, "this index goes by another name than Host says") }
        let start = Moment.now
        defer { server.latencies.overHTTP.record(Moment.now.since(start)) }
        do throws(WireError) {
            return try await route(request)
        } catch {
            return failure(.badRequest, error.message)
        }
    }

    private func route(_ request: HTTPRequest) async throws(WireError) -> HTTPResponse {
        switch Bytes(request.head.target.path.dropFirst(Self.prefix.count)) {
        case Bytes(ascii: "search"): try await search(APIQuery(request, server.limits), for: request)
        case Bytes(ascii: "browse"): try await browse(APIQuery(request, server.limits), for: request)
        case Bytes(ascii: "peers"): await peers(SourceView(of: request))
        case Bytes(ascii: "stats"): stats()
        default: failure(.notFound, "nothing is here; there are search, peers, browse and stats")
        }
    }

    /// A page of somebody else's must not reach an index on this machine under a name that it made point here: then
    /// Host is that name.
    private func isMeant(_ request: HTTPRequest) -> Bool {
        guard request.remote.address.isLoopback, let host = request.head.host else { return true }
        var name = host[...]
        if let colon = name.lastIndex(of: UInt8(ascii: ":")), !name[colon...].contains(UInt8(ascii: "]")) {
            name = name[..<colon]
        }
        if name.first == UInt8(ascii: "["), name.last == UInt8(ascii: "]") { name = name.dropFirst().dropLast() }
        return String(decoding: name, as: UTF8.self).lowercased() == "localhost" || IPAddress(literal: name) != nil
    }

    // MARK: Answers

    func answer(_ body: Bytes) -> HTTPResponse {
        guard let room = server.waiting.reserve(body.count) else {
            server.limitLog.note(.outputTotal, by: nil)
            return failure(.unavailable, "too much output waits for slow readers")
        }
        var response = HTTPResponse(.ok, body, type: ContentType.json)
        response.head.fields.append("Cache-Control", "no-store")
        response.holds = room
        return response
    }

    func failure(_ status: HTTPStatus, _ message: String) -> HTTPResponse {
        HTTPResponse(status, JSON.object([.init("error", .text(message))]).encoded(), type: ContentType.json)
    }

    /// Refusals are 400, but for a peer that is not here.
    func failure(_ refusal: Refusal, _ command: String) -> HTTPResponse {
        var status = HTTPStatus.badRequest
        if case .noSuchPeer = refusal { status = .notFound }
        return failure(status, refusal.wireError(for: command).message)
    }
}

extension SourceView {
    convenience init(of request: HTTPRequest) {
        self.init(asker: request.remote.address, reachedAt: request.local?.address)
    }
}
