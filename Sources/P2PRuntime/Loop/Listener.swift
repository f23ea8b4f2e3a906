internal import Glibc
package import P2PProtocol

/// A listening socket on a loop. Errors of one connection never end it.
package final class Listener: Sendable {
    /// What serves a connection: it runs on the connection's loop and must not throw.
    package typealias Handler = @Sendable (Stream) async -> Void

    /// Where it listens, with the port that the kernel chose.
    package let endpoint: Endpoint
    private static let burst = 64
    private let group: LoopGroup
    private let socket: Descriptor
    /// Its connections come from programs of one user on this machine, which have no address.
    private let isLocal: Bool

    package init(on endpoint: Endpoint, group: LoopGroup) throws(SystemError) {
        let socket = try Socket.listen(on: endpoint)
        self.endpoint = Socket.localEndpoint(socket.raw) ?? endpoint
        self.socket = socket
        self.group = group
        isLocal = false
    }

    /// Listens at a path; only the own user's programs get in.
    package init(at path: Bytes, group: LoopGroup) throws(SystemError) {
        socket = try Socket.listen(at: path)
        endpoint = Endpoint(address: .loopback, port: 0)
        self.group = group
        isLocal = true
    }

    /// Accepts until the loop drains. Connections go to the loops in turn.
    package func serve(_ handler: @escaping Handler) {
        let loop = group.next()
        Task(executorPreference: loop) { await self.acceptAll(on: loop, handler) }
    }

    private func acceptAll(on loop: EventLoop, _ handler: @escaping Handler) async {
        let point = WaitPoint(on: loop)
        defer { point.detach() }
        guard (try? point.watch(socket.raw)) != nil else { return }
        var burst = 0
        while !point.isShuttingDown {
            let (result, remote) = Socket.accept(socket.raw)
            switch result {
            case .done(let number):
                start(Descriptor(owning: Int32(number)), from: remote, handler)
                burst &+= 1
                // A storm of connections must not keep the loop from those that it has.
                if burst % Self.burst == 0 { await Task.yield() }
            case .wouldBlock:
                point.consumed(.readable)
                _ = await point.wait(for: [.readable, .shutdown])
            case .failed(let code):
                // Out of descriptors: the clients we have go on; look again soon.
                if [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code) {
                    await point.sleep(until: .now + .milliseconds(50))
                }
            }
        }
    }

    /// As whom the own user's programs are seen; nil for anybody else.
    private func owner(of socket: Int32) -> Endpoint? {
        Socket.user(of: socket) == geteuid() ? endpoint : nil
    }

    private func start(_ socket: consuming Descriptor, from remote: Endpoint?, _ handler: @escaping Handler) {
        guard let remote = isLocal ? owner(of: socket.raw) : remote else { return }
        let loop = group.next()
        let number = socket.release()
        Task(executorPreference: loop) {
            guard let stream = try? Stream(Descriptor(owning: number), from: remote, on: loop) else { return }
            await handler(stream)
            stream.close()
        }
    }
}
