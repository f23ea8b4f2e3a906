/// What a peer's answer to a request for bytes is worth: decided by its head, before any byte of its body is read.
package enum BodyAnswer: Equatable, Sendable {
    /// The body begins with the `count` bytes that were asked for. `excess` more would follow, which are not to be
    /// read: close the connection instead.
    case body(count: Int, excess: Int)
    /// The peer ignores ranges and would send everything from the start; ask another, or from the start.
    case rangeIgnored
    /// The peer is busy (429, 503), perhaps for so many seconds.
    case busy(retryAfterSeconds: Int?)
    /// The peer will not: the content is gone (404), a ticket is missing (401, 403), or anything else. Redirects end
    /// here too: they are never followed, since they could lead to any address at all.
    case refused(HTTPStatus)
    /// The answer contradicts the question: strike the source.
    case lie(String)

    /// Judges the answer to a GET of a part of a file whose size is known from its root.
    package static func judge(_ head: ResponseHead, asked part: ByteRange, of size: Int) -> BodyAnswer {
        if let encoded = encodingFault(head) { return encoded }
        switch head.status {
        case .partialContent: return judgePart(head, asked: part, of: size)
        case .ok: return judgeWhole(head, asked: part, of: size)
        case .rangeNotSatisfiable: return .lie("the asked range lies inside the file, the answer says it does not")
        default: return judgeRefusal(head)
        }
    }

    /// Judges the answer to a GET without a range whose body must have exactly this length.
    package static func judge(_ head: ResponseHead, wholeOf size: Int) -> BodyAnswer {
        if let encoded = encodingFault(head) { return encoded }
        guard head.status == .ok else {
            return head.status == .partialContent ? .lie("a part was not asked for") : judgeRefusal(head)
        }
        guard head.contentLength == size else { return .lie("the body's length is not the one that is due") }
        return .body(count: size, excess: 0)
    }

    private static func encodingFault(_ head: ResponseHead) -> BodyAnswer? {
        let isPlain = head.fields.all("Content-Encoding").allSatisfy { HTTPGrammar.matches($0, "identity") }
        return isPlain ? nil : .lie("the body is encoded, which was not asked for")
    }

    private static func judgePart(_ head: ResponseHead, asked part: ByteRange, of size: Int) -> BodyAnswer {
        guard let text = head.fields.sole("Content-Range"), let range = ContentRange(text) else {
            return .lie("the answer does not say which part it carries")
        }
        guard range == .part(part, size: size) || range == .part(part, size: nil) else {
            return .lie("the answer carries another part than the one asked for")
        }
        guard head.contentLength == part.count else { return .lie("the body's length is not the part's") }
        return .body(count: part.count, excess: 0)
    }

    private static func judgeWhole(_ head: ResponseHead, asked part: ByteRange, of size: Int) -> BodyAnswer {
        guard head.contentLength == size, part.last < size else { return .lie("the file has another size") }
        guard part.first == 0 else { return .rangeIgnored }
        return .body(count: part.count, excess: size - part.count)
    }

    private static func judgeRefusal(_ head: ResponseHead) -> BodyAnswer {
        guard head.status == .unavailable || head.status == .tooManyRequests else { return .refused(head.status) }
        // A date instead of seconds is as good as nothing: clocks differ.
        return .busy(retryAfterSeconds: head.fields.sole("Retry-After").flatMap { Decimal.parse($0) })
    }
}
