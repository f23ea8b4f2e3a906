/// The protocol version of a head. A later 1.x reads as 1.1, as RFC 9110 §2.5 has it.
package enum HTTPVersion: Sendable {
    case http10
    case http11

    /// Reads exactly `HTTP/` digit `.` digit.
    init(parsing text: ArraySlice<UInt8>) throws(HTTPFault) {
        let parts = Bytes(text)
        guard parts.count == 8, parts.starts(with: Bytes(ascii: "HTTP/")), HTTPGrammar.isDigit(parts[5]),
            parts[6] == UInt8(ascii: "."), HTTPGrammar.isDigit(parts[7])
        else { throw .bad("the start line has no HTTP version") }
        guard parts[5] == UInt8(ascii: "1") else {
            throw HTTPFault(.versionNotSupported, "only HTTP/1.1 and HTTP/1.0 are spoken here")
        }
        self = parts[7] == UInt8(ascii: "0") ? .http10 : .http11
    }
}
