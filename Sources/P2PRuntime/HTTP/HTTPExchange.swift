package import P2PProtocol

/// One request as a service sees it.
package struct HTTPRequest: Sendable {
    package let head: RequestHead
    package let body: Bytes
    /// Who asks, and at which of our addresses.
    package let remote: Endpoint
    package let local: Endpoint?
    /// Where the service may wait while it works on the answer: the wait ends when the asker hangs up.
    package let point: WaitPoint?

    package init(
        head: RequestHead, body: Bytes = [], remote: Endpoint, local: Endpoint? = nil, point: WaitPoint? = nil
    ) {
        self.point = point
        self.head = head
        self.body = body
        self.remote = remote
        self.local = local
    }
}

/// What a service answers.
package struct HTTPResponse: Sendable {
    package var head: ResponseHead
    package let body: HTTPBody
    /// Kept until the answer has been sent or its reader is gone.
    package var holds: (any Sendable)?
    /// Asked before each portion of a file, and when the task is woken; false ends the answer where it is.
    package var isWanted: (@Sendable () -> Bool)?

    package init(_ head: ResponseHead, _ body: HTTPBody = .none) {
        self.head = head
        self.body = body
    }

    /// An answer that is whole in memory.
    package init(_ status: HTTPStatus, _ body: Bytes, type: StaticString) {
        self.init(ResponseHead(status, bodyBytes: body.count, type: type), .bytes(body))
    }

    /// A line of our own words.
    package static func text(_ status: HTTPStatus, _ line: String) -> HTTPResponse {
        HTTPResponse(status, Bytes((line + "\n").utf8), type: ContentType.plainText)
    }
}

/// The bytes behind a response's head. The head's Content-Length is theirs.
package enum HTTPBody: Sendable {
    case none
    case bytes(Bytes)
    /// A part of an open file; `sent` hears of each chunk as it goes out, and `pace` says when the next may.
    case file(
        OpenFile, ByteRange, sent: @Sendable (Int) -> Void, pace: (@Sendable (_ wanted: Int) -> Allowance)? = nil)
    /// A part of a file that is still on its way: `arrived` says how many bytes are there from an offset on, which
    /// are then sent and the next waited for; nil when no more will come.
    case growing(OpenFile, ByteRange, arrived: @Sendable (_ offset: Int) -> Int?)
}
