/// Where a request's body ends, decided so that no reader before or after us can think otherwise (RFC 9112 §6.3).
/// Whatever is ambiguous is refused.
enum RequestFraming {
    /// The body's length. Bodies are short here: nothing is uploaded by request.
    static func bodyBytes(_ line: RequestLine, _ fields: HTTPFields, limits: Limits) throws(HTTPFault) -> Int {
        try checkHost(fields, version: line.version)
        let lengths = fields.all("Content-Length")
        try checkTransferCoding(fields, version: line.version, hasLength: !lengths.isEmpty)
        guard let text = lengths.first else { return 0 }
        guard lengths.count == 1, let length = Decimal.parseSaturating(text) else {
            throw .bad("Content-Length is not one number")
        }
        guard length <= limits.bodyBytes else { throw HTTPFault(.contentTooLarge, "the body is too large") }
        try checkBody(fields, length: length)
        return length
    }

    private static func checkHost(_ fields: HTTPFields, version: HTTPVersion) throws(HTTPFault) {
        let hosts = fields.all("Host")
        guard hosts.count <= 1 else { throw .bad("there are two Host fields") }
        guard let host = hosts.first else {
            if version == .http11 { throw .bad("there is no Host field") }
            return
        }
        guard Authority.isValid(host) else { throw .bad("Host is not host and port") }
    }

    private static func checkTransferCoding(
        _ fields: HTTPFields, version: HTTPVersion, hasLength: Bool
    ) throws(HTTPFault) {
        let codings = fields.all("Transfer-Encoding")
        guard !codings.isEmpty else { return }
        guard codings.count == 1, HTTPGrammar.matches(codings[0], "chunked"), !hasLength, version == .http11 else {
            throw .bad("Transfer-Encoding leaves the body's end in doubt")
        }
        throw HTTPFault(.notImplemented, "chunked bodies are not taken here: send Content-Length")
    }

    private static func checkBody(_ fields: HTTPFields, length: Int) throws(HTTPFault) {
        let codings = fields.all("Content-Encoding")
        guard length == 0 || codings.allSatisfy({ HTTPGrammar.matches($0, "identity") }) else {
            throw HTTPFault(.unsupportedMediaType, "encoded bodies are not taken here")
        }
        let expectations = fields.all("Expect")
        guard expectations.allSatisfy({ HTTPGrammar.matches($0, "100-continue") }) else {
            throw HTTPFault(.expectationFailed, "only 100-continue can be expected")
        }
    }
}
