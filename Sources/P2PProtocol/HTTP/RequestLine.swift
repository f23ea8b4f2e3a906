/// The first line of a request: method, target, version, with exactly one space between them.
struct RequestLine: Sendable {
    let method: HTTPMethod
    let target: RequestTarget
    let version: HTTPVersion
    /// The authority of an absolute target or of CONNECT's.
    let authority: Bytes?

    init(parsing line: Bytes, limits: Limits) throws(HTTPFault) {
        guard let first = line.firstIndex(of: HTTPGrammar.space), let last = line.lastIndex(of: HTTPGrammar.space),
            first < last
        else { throw .bad("the request line is not method, target and version") }
        version = try HTTPVersion(parsing: line[(last + 1)...])
        method = try Self.method(line[..<first])
        let text = line[(first + 1)..<last]
        guard text.count <= limits.targetBytes else { throw HTTPFault(.uriTooLong, "the target is too long") }
        guard !text.isEmpty, text.allSatisfy(HTTPGrammar.isTarget) else {
            throw .bad("the target has a byte that no target may have")
        }
        (target, authority) = try Self.target(text, of: method)
    }

    private static func method(_ name: ArraySlice<UInt8>) throws(HTTPFault) -> HTTPMethod {
        if let method = HTTPMethod(name) { return method }
        // In capitals it may be a method of somebody's; otherwise it is no HTTP that anybody sends.
        guard !name.isEmpty, name.allSatisfy(HTTPGrammar.isUpper) else { throw .bad("the method is not one") }
        throw HTTPFault(.notImplemented, "the method is not known here")
    }

    /// The four forms of RFC 9112 §3.2.
    private static func target(
        _ text: ArraySlice<UInt8>, of method: HTTPMethod
    ) throws(HTTPFault) -> (RequestTarget, authority: Bytes?) {
        if method == .connect {
            guard Authority.isValid(text), !text.isEmpty else { throw .bad("CONNECT needs host and port") }
            return (RequestTarget(origin: []), Bytes(text))
        }
        if text.first == HTTPGrammar.slash { return (RequestTarget(origin: text), nil) }
        if method == .options, text.elementsEqual([UInt8(ascii: "*")]) { return (RequestTarget(origin: []), nil) }
        return try absolute(text)
    }

    private static func absolute(_ text: ArraySlice<UInt8>) throws(HTTPFault) -> (RequestTarget, authority: Bytes?) {
        let scheme: StaticString = HTTPGrammar.hasPrefix(text, "https://") ? "https://" : "http://"
        guard HTTPGrammar.hasPrefix(text, scheme) else { throw .bad("the target is neither a path nor an address") }
        let rest = text.dropFirst(scheme.utf8CodeUnitCount)
        let authority = rest.prefix { $0 != HTTPGrammar.slash && $0 != UInt8(ascii: "?") }
        guard !authority.isEmpty, Authority.isValid(authority) else { throw .bad("the target's host is not one") }
        let origin = rest.dropFirst(authority.count)
        let path = origin.first == HTTPGrammar.slash ? origin : [HTTPGrammar.slash] + origin
        return (RequestTarget(origin: path), Bytes(authority))
    }
}
