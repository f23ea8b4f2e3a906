internal import P2PProtocol
internal import P2PRuntime

/// What the index answers over HTTP on its own port.
struct IndexPages {
    let server: Server

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        if let refusal = await refusal(of: request) { return refusal }
        if request.head.target.path.starts(with: IndexAPI.prefix) {
            return await IndexAPI(server: server).answer(request)
        }
        return page(request)
    }

    /// What somebody without an account is told where one is needed; it is asked for with each request, in the manner
    /// that every browser knows. Only whether the index lives is nobody's secret.
    private func refusal(of request: HTTPRequest) async -> HTTPResponse? {
        guard server.isClosed, request.head.target.path != Bytes(ascii: "/healthz") else { return nil }
        guard let login = request.head.fields.sole("Authorization").flatMap({ Login(basic: $0) }),
            let point = request.point
        else { return unauthorized }
        switch await server.desk.check(login, from: request.remote, at: point, isRepeated: true) {
        case .welcome: return nil
        case .refused, .gone: return unauthorized
        case .busy:
            var response = HTTPResponse.text(.unavailable, "busy, try again")
            response.head.fields.append("Retry-After", 5)
            return response
        }
    }

    private var unauthorized: HTTPResponse {
        var response = HTTPResponse.text(.unauthorized, "an account is needed")
        response.head.fields.append("WWW-Authenticate", "Basic realm=\"Rookery\", charset=\"UTF-8\"")
        response.head.fields.append("Connection", "close")
        return response
    }

    private func page(_ request: HTTPRequest) -> HTTPResponse {
        guard request.head.method == .get || request.head.method == .head else {
            var response = HTTPResponse.text(.methodNotAllowed, "only GET and HEAD are answered here")
            response.head.fields.append("Allow", "GET, HEAD")
            return response
        }
        switch request.head.target.path {
        case Bytes(ascii: "/healthz"): return .text(.ok, "ok")
        case Bytes(ascii: "/metrics"):
            return HTTPResponse(.ok, server.metrics.registry.render(), type: ContentType.metrics)
        case Bytes(ascii: "/"): return overview()
        default: return .text(.notFound, "nothing is here; / says what there is")
        }
    }

    /// A page for whoever opens the port in a browser.
    private func overview() -> HTTPResponse {
        let (peers, names) = server.engine.read { ($0.peerCount, $0.nameCount) }
        let name = HTMLText.escape(server.configuration.name)
        var page = Bytes(ascii: "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">")
        page += Bytes(ascii: "<meta name=\"viewport\" content=\"width=device-width\"><title>Rookery</title>")
        page += Bytes(
            ascii: "<style>body{font:1rem/1.5 system-ui;max-width:40rem;margin:3rem auto;padding:0 1rem}</style>")
        page += Bytes(ascii: "<h1>Rookery") + (name.isEmpty ? [] : Bytes(ascii: ": ") + name) + Bytes(ascii: "</h1>")
        page += Bytes(
            "<p>\(peers) \(peers == 1 ? "peer shares" : "peers share") \(names) \(names == 1 ? "name" : "names").</p>"
                .utf8)
        page += Bytes(ascii: "<p>Start <code>peer --server</code> with this address to search and to share.</p>")
        var head = ResponseHead(.ok, bodyBytes: page.count, type: ContentType.html, safety: .page)
        head.fields.append("Cache-Control", "no-store")
        return HTTPResponse(head, .bytes(page))
    }
}
