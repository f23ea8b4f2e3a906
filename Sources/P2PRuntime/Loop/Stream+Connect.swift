internal import Glibc

extension Stream {
    /// Connects from the loop that runs the caller; the caller closes the stream.
    package static func connect(
        to endpoint: Endpoint, on loop: EventLoop, until deadline: Moment
    ) async throws(StreamError) -> Stream {
        let stream: Stream
        do {
            stream = try Stream(try Socket.connect(to: endpoint), from: endpoint, on: loop)
        } catch {
            throw .failed(error)
        }
        do {
            try await stream.finishConnecting(until: deadline)
        } catch {
            stream.close()
            throw error
        }
        return stream
    }
}
