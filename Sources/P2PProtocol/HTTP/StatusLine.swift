/// The first line of a response. Its reason phrase is read by nobody.
struct StatusLine: Sendable {
    let version: HTTPVersion
    let status: HTTPStatus

    init(parsing line: Bytes) throws(HTTPFault) {
        version = try HTTPVersion(parsing: line.prefix(8))
        let rest = line.dropFirst(8)
        let digits = rest.dropFirst().prefix(3)
        let reason = rest.dropFirst(4)
        guard rest.first == HTTPGrammar.space, digits.count == 3, let code = Decimal.parse(digits, in: 100...599),
            reason.first ?? HTTPGrammar.space == HTTPGrammar.space, reason.allSatisfy(HTTPGrammar.isFieldValue)
        else { throw .bad("the status line has no status") }
        status = HTTPStatus(code)
    }
}
