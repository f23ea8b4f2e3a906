internal import Glibc
package import P2PProtocol

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

    /// Connects to a program of the own user that listens at a path.
    package static func connect(to path: Bytes, on loop: EventLoop) throws(SystemError) -> Stream {
        let socket = try Socket.connect(to: path)
        guard Socket.user(of: socket.raw) == geteuid() else {
            throw SystemError("connect", EACCES, on: Path.display(path))
        }
        return try Stream(socket, from: Endpoint(address: .loopback, port: 0), on: loop)
    }
}
