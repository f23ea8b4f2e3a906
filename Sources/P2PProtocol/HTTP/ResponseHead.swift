/// The head of a response: ours to send, or a peer's as it was read.
package struct ResponseHead: Equatable, Sendable {
    package let status: HTTPStatus
    package let version: HTTPVersion
    package var fields = HTTPFields()

    /// An answer of ours, without fields yet.
    package init(_ status: HTTPStatus) {
        self.status = status
        version = .http11
    }

    /// An answer of ours with a body of this length and type, made safe for a browser.
    package init(
        _ status: HTTPStatus, bodyBytes: Int, type: StaticString, safety: SafetyFields = .content
    ) {
        self.init(status)
        fields.append("Content-Length", bodyBytes)
        fields.append("Content-Type", Bytes(ascii: type))
        safety.append(to: &fields)
    }

    init(_ line: StatusLine, fields: HTTPFields) {
        status = line.status
        version = line.version
        self.fields = fields
    }

    /// The length of the body as announced; nil when it was not, or not once and in digits.
    package var contentLength: Int? {
        fields.sole("Content-Length").flatMap { Decimal.parse($0) }
    }

    /// Whether the connection can carry another request when the body has been read.
    package var keepsAlive: Bool {
        guard !fields.lists("close", in: "Connection") else { return false }
        return version == .http11 || fields.lists("keep-alive", in: "Connection")
    }

    /// The head as it travels.
    package var bytes: Bytes {
        var output = Bytes(ascii: "HTTP/1.1 ")
        output.append(decimal: status.code)
        output.append(HTTPGrammar.space)
        output += Bytes(status.reason.utf8)
        output += [HTTPGrammar.carriageReturn, HTTPGrammar.lineFeed]
        fields.write(into: &output)
        return output + [HTTPGrammar.carriageReturn, HTTPGrammar.lineFeed]
    }
}
