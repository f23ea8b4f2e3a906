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

    /// All slots are in use. Who comes back in a while keeps its place.
    static func queued(at position: Int) -> HTTPResponse {
        var response = later("all upload slots are in use; you are number \(position) in the queue", seconds: 5)
        response.head.fields.append("X-Queue-Position", position)
        return response
    }
}
