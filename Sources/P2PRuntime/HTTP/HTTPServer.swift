package import P2PProtocol

/// What every HTTP connection of a program has in common: the service, its limits and its patience.
package struct HTTPServer: Sendable {
    package typealias Service = @Sendable (HTTPRequest) async -> HTTPResponse

    let service: Service
    let limits: Limits
    /// Where cold pages are read.
    let disk: WorkerPool
    /// For those who begin with a TLS handshake; without it they are not understood.
    let tls: TLSContext?

    /// A kept connection may be silent for so long.
    let idle: Duration
    /// From its first byte a head, and then a body, must be complete in this time.
    let headPatience: Duration = .seconds(10)
    /// A reader who takes nothing for so long is gone.
    let progressPatience: Duration = .seconds(30)

    /// How long that is where nothing else is said.
    package static let usualIdle: Duration = .seconds(75)

    package init(
        limits: Limits = .standard, disk: WorkerPool, tls: TLSContext? = nil, idle: Duration = usualIdle,
        service: @escaping Service
    ) {
        self.service = service
        self.tls = tls
        self.idle = idle
        self.limits = limits
        self.disk = disk
    }

    /// Serves a connection to its end; `initial` is what has been read of it already.
    package func serve(_ stream: Stream, initial: Bytes = []) async {
        var connection = HTTPServerConnection(server: self, stream: stream, pending: initial)
        await connection.run()
    }
}
