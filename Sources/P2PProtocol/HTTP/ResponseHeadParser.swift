/// Reads the answers of peers from a connection's bytes as they arrive, as strictly as their requests are read.
///
/// Interim answers (1xx) are passed over; they count towards the same limit of bytes as the answer, so that an
/// endless row of them ends.
package struct ResponseHeadParser: Sendable {
    private let limits: Limits
    private var scanner: HeadScanner

    package init(limits: Limits = .standard) {
        self.limits = limits
        scanner = HeadScanner(limits: limits)
    }

    /// Looks at what has arrived since the last call. After `.head`, drop what was consumed.
    package mutating func next(in bytes: Span<UInt8>) -> HeadStep<ResponseHead> {
        do throws(HTTPFault) {
            while let end = try scanner.scan(bytes) {
                let head = try head(in: bytes)
                guard head.status.code < 200 else {
                    scanner = HeadScanner(limits: limits)
                    return .head(head, consumed: end)
                }
                guard head.status.code != 101 else { throw HTTPFault.bad("it switches to another protocol") }
                scanner = HeadScanner(limits: limits, from: end)
            }
            return .needMore
        } catch {
            return .failed(HTTPFault(.badGateway, error.reason))
        }
    }

    private func head(in bytes: Span<UInt8>) throws(HTTPFault) -> ResponseHead {
        let line = try StatusLine(parsing: Bytes(bytes.extracting(scanner.lines[0])))
        let fields = try HTTPFields(lines: scanner.lines.dropFirst(), of: bytes)
        let head = ResponseHead(line, fields: fields)
        guard fields.all("Content-Length").isEmpty || head.contentLength != nil else {
            throw .bad("Content-Length is not one number")
        }
        guard fields.first("Transfer-Encoding") == nil else {
            throw .bad("the body has a transfer coding: its length is not known before it ends")
        }
        return head
    }
}
