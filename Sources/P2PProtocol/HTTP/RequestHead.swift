/// The head of a request: read from a stranger and checked, or made to be sent.
package struct RequestHead: Equatable, Sendable {
    package let method: HTTPMethod
    package let target: RequestTarget
    package let version: HTTPVersion
    /// The authority that the request is for: the target's own when it is absolute, else the Host field.
    package let host: Bytes?
    package var fields: HTTPFields
    /// How many bytes of body follow the head. They have to be read or the connection closed, whatever the method.
    package let bodyBytes: Int

    /// A request of ours. Nothing that we fetch may come encoded: pieces are verified as they arrive.
    package init(_ method: HTTPMethod, _ target: RequestTarget, host: Bytes, bodyBytes: Int = 0) {
        self.method = method
        self.target = target
        self.host = host
        version = .http11
        self.bodyBytes = bodyBytes
        fields = HTTPFields()
        fields.append("Host", host)
        fields.append("Accept-Encoding", "identity")
        if method == .post { fields.append("Content-Length", bodyBytes) }
    }

    init(_ line: RequestLine, fields: HTTPFields, bodyBytes: Int) {
        method = line.method
        target = line.target
        version = line.version
        host = line.authority ?? fields.first("Host")
        self.fields = fields
        self.bodyBytes = bodyBytes
    }

    /// Whether another request may follow on the connection. A body that GET does not have is not waited for:
    /// it would be read as the next request.
    package var keepsAlive: Bool {
        guard !fields.lists("close", in: "Connection") else { return false }
        if bodyBytes > 0 && method != .post { return false }
        return version == .http11 || fields.lists("keep-alive", in: "Connection")
    }

    /// Whether the sender holds the body back until it reads `100 Continue`.
    package var expectsContinue: Bool {
        version == .http11 && bodyBytes > 0 && fields.first("Expect") != nil
    }

    /// Asks for a part.
    package mutating func ask(for range: ByteRange) {
        fields.append("Range", Bytes(ascii: "bytes=") + range.bytes)
    }

    /// The head as it travels.
    package var bytes: Bytes {
        var output = Bytes(method.rawValue.utf8)
        output.append(HTTPGrammar.space)
        output += target.bytes
        output += Bytes(ascii: " HTTP/1.1\r\n")
        fields.write(into: &output)
        return output + [HTTPGrammar.carriageReturn, HTTPGrammar.lineFeed]
    }
}
