/// A head that is refused. The connection is closed after the answer: where a head is in doubt, so is what follows it.
package struct HTTPFault: Error, Equatable, Sendable {
    /// What the sender is told; 502 where the refused head is an answer to us.
    package let status: HTTPStatus
    /// One line of our own words, without any byte of the sender's.
    package let reason: String

    package init(_ status: HTTPStatus, _ reason: String) {
        self.status = status
        self.reason = reason
    }

    /// The whole response to it, head and body.
    package var response: Bytes {
        let body = Bytes((reason + "\n").utf8)
        var head = ResponseHead(status, bodyBytes: body.count, type: ContentType.plainText)
        head.fields.append("Connection", "close")
        return head.bytes + body
    }

    static func bad(_ reason: String) -> HTTPFault { HTTPFault(.badRequest, reason) }
}

extension HTTPFault: CustomStringConvertible {
    package var description: String { "\(status): \(reason)" }
}
