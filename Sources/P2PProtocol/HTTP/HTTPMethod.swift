/// The methods of RFC 9110 and PATCH. Only GET, HEAD and POST lead anywhere; the others are known so that they are
/// refused by name (405) and not as nonsense.
package enum HTTPMethod: String, CaseIterable, Sendable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"
    case connect = "CONNECT"
    case options = "OPTIONS"
    case trace = "TRACE"
    case patch = "PATCH"

    /// Methods are case-sensitive.
    package init?(_ name: some Collection<UInt8>) {
        guard let method = Self.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name) }) else { return nil }
        self = method
    }
}
