package import P2PProtocol

/// A kept connection to somebody's HTTP server, for one request after another. Used by one task, on its loop.
package struct HTTPClient: ~Copyable {
    package let stream: Stream
    /// Asked when somebody wakes the stream's wait point: whether the answer that is waited for is still wanted.
    package var isWanted: @Sendable () -> Bool = { !Task.isCancelled }
    private var pending = Bytes()
    /// How much of what has arrived was read.
    private var start = 0
    private var parser: ResponseHeadParser
    private var isGivenAway = false

    /// Connects from the loop that runs the caller; encrypted, and to nobody else, if a certificate is pinned.
    package init(
        to endpoint: Endpoint, pin: Digest? = nil, on loop: EventLoop, limits: Limits = .standard,
        until deadline: Moment
    ) async throws(StreamError) {
        let stream = try await Stream.connect(to: endpoint, on: loop, until: deadline)
        do {
            try await stream.encrypt(pin: pin, until: deadline)
        } catch {
            stream.close()
            throw error
        }
        self.stream = stream
        parser = ResponseHeadParser(limits: limits)
    }

    /// Connects to a program of the own user, from the loop that runs the caller.
    package init(to path: Bytes, on loop: EventLoop, limits: Limits = .standard) throws(SystemError) {
        stream = try Stream.connect(to: path, on: loop)
        parser = ResponseHeadParser(limits: limits)
    }

    /// Goes on with a connection that another client has let go of, on the same loop.
    package init(_ kept: Stream, limits: Limits = .standard) {
        stream = kept
        parser = ResponseHeadParser(limits: limits)
    }

    deinit {
        if !isGivenAway { stream.close() }
    }

    /// The connection for whoever asks over it next; nil when more has come than was read. No use is made of this
    /// client afterwards. Every answer is to have been read to its end.
    package mutating func letGo() -> Stream? {
        guard available == 0, !isGivenAway else { return nil }
        isGivenAway = true
        return stream
    }

    /// Sends a request and reads the head of its answer. The body is to be read to its end before the next request.
    package mutating func ask(
        _ request: RequestHead, body: Bytes = [], until deadline: Moment
    ) async throws -> ResponseHead {
        try await send(request.bytes + body, until: deadline)
        return try await readHead(until: deadline)
    }

    /// Sends one request or several, whose answers come in their order. Few enough that nobody need read meanwhile.
    package mutating func send(_ requests: Bytes, until deadline: Moment) async throws(StreamError) {
        try await stream.write(requests, until: deadline)
    }

    /// The head of the next answer.
    package mutating func readHead(until deadline: Moment) async throws -> ResponseHead {
        while true {
            switch parseHead() {
            case .head(let head, let consumed):
                drop(consumed)
                if head.status.code >= 200 { return head }
            case .failed(let fault): throw fault
            case .needMore: try await fill(until: deadline)
            }
        }
    }

    /// Reads some of the body into `buffer`, at most as much as it holds; 0 is the end of the connection.
    package mutating func read(
        into buffer: UnsafeMutableRawBufferPointer, until deadline: Moment
    ) async throws(StreamError) -> Int {
        guard available == 0 else {
            let count = min(available, buffer.count)
            let range = start..<start + count
            pending.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[range])) }
            drop(count)
            return count
        }
        while true {
            switch stream.receive(into: buffer) {
            case .done(let count): return count
            case .failed(let code): throw .failed(SystemError("recv", code, on: stream.remote.description))
            case .wouldBlock: try await wait(until: deadline)
            }
        }
    }

    /// A whole body of known length.
    package mutating func readBody(_ count: Int, until deadline: Moment) async throws(StreamError) -> Bytes {
        while available < count { try await fill(until: deadline) }
        let body = Bytes(pending[start..<start + count])
        drop(count)
        return body
    }

    /// Reads nothing until then, as long as the answer is wanted.
    package func rest(until end: Moment) async throws(StreamError) {
        while Moment.now < end {
            let readiness = await stream.wait(for: .woken, until: end)
            if readiness.contains(.hangUp) { return }
            if readiness.contains(.woken), !isWanted() { throw .cancelled }
        }
    }

    /// Whether something is there to be read at once.
    package var hasNews: Bool { available > 0 || stream.point.isReadable }

    private var available: Int { pending.count - start }

    /// What is left over moves to the front only when more comes, so that many small answers in one read cost nothing.
    private mutating func drop(_ count: Int) {
        start += count
        guard start == pending.count else { return }
        pending.removeAll(keepingCapacity: true)
        start = 0
    }

    private mutating func parseHead() -> HeadStep<ResponseHead> {
        let bytes = pending
        return parser.next(in: bytes.span.extracting(start...))
    }

    private mutating func fill(until deadline: Moment) async throws(StreamError) {
        let scratch = stream.loop.scratch.input
        switch stream.receive(into: scratch) {
        case .done(0): throw .closedEarly
        case .done(let count):
            pending.removeFirst(start)
            start = 0
            pending.append(contentsOf: scratch[..<count])
        case .failed(let code): throw .failed(SystemError("recv", code, on: stream.remote.description))
        case .wouldBlock: try await wait(until: deadline)
        }
    }

    private func wait(until deadline: Moment) async throws(StreamError) {
        let readiness = await stream.wait(for: [.readable, .woken], until: deadline)
        if readiness.contains(.deadline) { throw .timedOut }
        if readiness.contains(.woken), !isWanted() { throw .cancelled }
    }
}
