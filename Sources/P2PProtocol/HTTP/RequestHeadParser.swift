/// Reads request heads from a connection's bytes as they arrive (RFC 9112, strictly).
///
/// It keeps no bytes: every call is given all that has arrived and was not consumed, and only new ones are looked at.
package struct RequestHeadParser: Sendable {
    private let limits: Limits
    private var scanner: HeadScanner

    package init(limits: Limits = .standard) {
        self.limits = limits
        scanner = HeadScanner(limits: limits)
    }

    /// Looks at what has arrived since the last call. After `.head`, drop what was consumed.
    package mutating func next(in bytes: Span<UInt8>) -> HeadStep<RequestHead> {
        do throws(HTTPFault) {
            guard let end = try scanner.scan(bytes) else { return .needMore }
            let head = try head(in: bytes)
            scanner = HeadScanner(limits: limits)
            return .head(head, consumed: end)
        } catch {
            return .failed(error)
        }
    }

    private func head(in bytes: Span<UInt8>) throws(HTTPFault) -> RequestHead {
        let line = try RequestLine(parsing: Bytes(bytes.extracting(scanner.lines[0])), limits: limits)
        let fields = try HTTPFields(lines: scanner.lines.dropFirst(), of: bytes)
        let bodyBytes = try RequestFraming.bodyBytes(line, fields, limits: limits)
        return RequestHead(line, fields: fields, bodyBytes: bodyBytes)
    }
}
