package import P2PProtocol
package import P2PRuntime
internal import Synchronization

/// One connection to one index, for any number of tasks: commands are sent at once, in the order in which they are
/// asked, and their answers come in that order. It does not come back: who wants another opens another.
package final class IndexConnection: Sendable {
    /// How long a connection may take to come up.
    private static let connectPatience: Duration = .seconds(5)

    /// Passwords are compared slowly, and one after another.
    private static let loginPatience: Duration = .seconds(60)

    private struct Mailbox {
        var requests: [PendingReply] = []
        var point: WaitPoint?
        var end: IndexFailure?
    }

    package let server: ServerAddress
    private let mailbox = Mutex(Mailbox())
    private let connected = Promise<Result<Endpoint, IndexFailure>>()
    private let ended = Promise<IndexFailure>()
    private let pushed: @Sendable (Reply) -> Void

    /// Begins to connect; a failure shows in whatever is asked.
    package init(to server: ServerAddress, on loop: EventLoop, pushed: @escaping @Sendable (Reply) -> Void = { _ in }) {
        self.server = server
        self.pushed = pushed
        Task(executorPreference: loop) { await self.serve(on: loop) }
    }

    /// A connection that has said `HELLO 3`, and has logged in where there is something to log in with.
    package static func open(
        to server: ServerAddress, on loop: EventLoop, as account: IndexAccount? = nil,
        pushed: @escaping @Sendable (Reply) -> Void = { _ in }
    ) async throws(IndexFailure) -> IndexConnection {
        let connection = IndexConnection(to: server, on: loop, pushed: pushed)
        do throws(IndexFailure) {
            try await connection.greet(account?.login(for: server))
        } catch {
            connection.close()
            throw error
        }
        return connection
    }

    private func greet(_ login: Login?) async throws(IndexFailure) {
        if login != nil { try await requireSecrecy() }
        let hello = Hello(version: .three, login: login, name: Bytes(ascii: "rookery-peer"))
        do throws(IndexFailure) {
            _ = try await ask(.hello(hello), within: login == nil ? .seconds(10) : Self.loginPatience)
        } catch {
            let isDevice = login.map { DeviceKey(password: $0.password) != nil } ?? false
            throw error.isWrongLogin && isDevice ? .deviceRefused : error
        }
    }

    /// What is secret does not leave this machine where others could read it.
    package func requireSecrecy() async throws(IndexFailure) {
        let remote = try await remote
        guard server.pin != nil || remote.address.isLoopback else { throw .unencrypted }
    }

    /// The address that the server's name stands for.
    package var remote: Endpoint {
        get async throws(IndexFailure) { try await connected.value.get() }
    }

    /// Sends a command; commands that are sent before an answer is waited for travel together.
    package func send(_ command: Command, within limit: Duration = .seconds(10)) -> PendingReply {
        let request = PendingReply(command, until: .now + limit)
        let (end, point) = mailbox.withLock { mailbox in
            if mailbox.end == nil { mailbox.requests.append(request) }
            return (mailbox.end, mailbox.point)
        }
        if let end { request.promise.keep(.failure(end)) }
        point?.wake()
        return request
    }

    /// Sends a command and waits for its answer.
    package func ask(_ command: Command, within limit: Duration = .seconds(10)) async throws(IndexFailure) -> Reply {
        try await send(command, within: limit).reply
    }

    /// Why the connection ended, once it did.
    package var end: IndexFailure {
        get async { await ended.value }
    }

    /// Ends the connection; who still waits for an answer is told.
    package func close() {
        finish(.left)
    }

    // MARK: On the loop

    private func serve(on loop: EventLoop) async {
        do throws(IndexFailure) {
            let stream = try await connect(on: loop)
            defer { stream.close() }
            try await converse(over: stream)
        } catch {
            connected.keep(.failure(error))
            finish(error)
        }
    }

    private func connect(on loop: EventLoop) async throws(IndexFailure) -> Stream {
        let stream: Stream
        do {
            let address = try await Resolver.address(of: server.host)
            let deadline = Moment.now + Self.connectPatience
            stream = try await Stream.connect(
                to: Endpoint(address: address, port: server.port), on: loop, until: deadline)
            try await encrypt(stream, until: deadline)
        } catch {
            throw IndexFailure(connecting: error)
        }
        stream.keepAlive()
        connected.keep(.success(stream.remote))
        return stream
    }

    private func encrypt(_ stream: Stream, until deadline: Moment) async throws(StreamError) {
        do {
            try await stream.encrypt(pin: server.pin, until: deadline)
        } catch {
            stream.close()
            throw error
        }
    }

    private func converse(over stream: Stream) async throws(IndexFailure) {
        var pipeline = RequestPipeline()
        do throws(IndexFailure) {
            while true {
                try takeRequests(into: &pipeline, from: stream.point)
                try Self.flush(&pipeline, to: stream)
                try receive(from: stream, into: &pipeline)
                let interest: Readiness = pipeline.output.isEmpty ? [] : .writable
                let deadline = pipeline.nextDeadline
                _ = await stream.wait(for: interest.union([.readable, .woken]), until: deadline)
                try pipeline.expire(at: .now)
            }
        } catch {
            pipeline.fail(error)
            throw error
        }
    }

    private func takeRequests(into pipeline: inout RequestPipeline, from point: WaitPoint) throws(IndexFailure) {
        let (requests, end) = mailbox.withLock { mailbox in
            defer { mailbox.requests = [] }
            mailbox.point = point
            return (mailbox.requests, mailbox.end)
        }
        for request in requests { pipeline.add(request, at: .now) }
        if let end { throw end }
    }

    private static func flush(_ pipeline: inout RequestPipeline, to stream: Stream) throws(IndexFailure) {
        while !pipeline.output.isEmpty {
            switch pipeline.output.withUnsafeBytes({ stream.send($0) }) {
            case .done(let count): pipeline.output.drop(count)
            case .wouldBlock: return
            case .failed: throw .closed
            }
        }
    }

    private func receive(from stream: Stream, into pipeline: inout RequestPipeline) throws(IndexFailure) {
        let scratch = stream.loop.scratch.input
        while true {
            switch stream.receive(into: scratch) {
            case .done(0), .failed: throw .closed
            case .done(let count):
                let bytes = UnsafeRawBufferPointer(rebasing: scratch[..<count])
                for push in try pipeline.take(bytes) { pushed(push) }
            case .wouldBlock: return
            }
        }
    }

    private func finish(_ failure: IndexFailure) {
        let (requests, point) = mailbox.withLock { mailbox in
            defer { mailbox.requests = [] }
            if mailbox.end == nil { mailbox.end = failure }
            return (mailbox.requests, mailbox.point)
        }
        for request in requests { request.promise.keep(.failure(failure)) }
        ended.keep(failure)
        point?.wake()
    }
}
