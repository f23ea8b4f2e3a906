internal import P2PProtocol
internal import P2PRuntime

extension HTTPResponse {
    /// There is no such thing. What was asked for is not repeated.
    static let notFound = HTTPResponse.text(.notFound, "not found")

    /// Not now; the same request may succeed in so many seconds.
    static func later(_ line: String, seconds: Int = 1) -> HTTPResponse {
        var response = HTTPResponse.text(.unavailable, line)
        response.head.fields.append("Retry-After", seconds)
        return response
    }
}
