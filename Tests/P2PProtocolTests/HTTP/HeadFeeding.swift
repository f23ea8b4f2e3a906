import P2PProtocol

/// Feeds heads to the parsers, whole or as they trickle in.
enum HeadFeeding {
    static func request(_ text: String, limits: Limits = .standard) -> HeadStep<RequestHead> {
        request(Bytes(text.utf8), limits: limits)
    }

    static func request(_ bytes: Bytes, limits: Limits = .standard) -> HeadStep<RequestHead> {
        var parser = RequestHeadParser(limits: limits)
        return parser.next(in: bytes.span)
    }

    static func response(_ text: String, limits: Limits = .standard) -> HeadStep<ResponseHead> {
        var parser = ResponseHeadParser(limits: limits)
        return parser.next(in: Bytes(text.utf8).span)
    }

    /// The same bytes in two portions, the first of which may be enough for a verdict.
    static func request(_ bytes: Bytes, splitAt split: Int) -> HeadStep<RequestHead> {
        var parser = RequestHeadParser()
        let first = parser.next(in: bytes.span.extracting(first: split))
        return first == .needMore ? parser.next(in: bytes.span) : first
    }

    /// One byte more each time, until there is a verdict.
    static func trickledRequest(_ bytes: Bytes) -> HeadStep<RequestHead> {
        var parser = RequestHeadParser()
        for count in 0...bytes.count {
            let step = parser.next(in: bytes.span.extracting(first: count))
            if step != .needMore { return step }
        }
        return .needMore
    }
}

extension HeadStep {
    var head: Head? {
        if case .head(let head, _) = self { return head }
        return nil
    }

    var consumed: Int? {
        if case .head(_, let consumed) = self { return consumed }
        return nil
    }

    var faultCode: Int? {
        if case .failed(let fault) = self { return fault.status.code }
        return nil
    }
}
