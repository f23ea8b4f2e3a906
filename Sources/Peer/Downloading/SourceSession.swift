internal import P2PProtocol
internal import P2PRuntime

/// A kept connection to one source of one content.
struct SourceSession: ~Copyable {
    /// How an answer ended.
    enum End {
        case whole
        /// It is not wanted any more, or more would follow than was asked for: the connection is of no further use.
        case cut
    }

    /// Silence is watched by the schedule, which knows who waits for what; this is the longest in any case.
    private static let patience: Duration = .seconds(20)
    /// Reading so much of an unwanted answer is cheaper than another connection.
    private static let worthReading = 256 << 10

    private let source: DownloadSource
    private let passes: SourcePasses?
    private let root: Digest
    private let size: Int
    private let host: Bytes
    private var client: HTTPClient
    /// Bytes of the answer under way that have not been read.
    private var unread = 0
    private var excess = 0
    /// Whether something has been asked over this connection: the source may have closed it since.
    private(set) var isUsed = false
    /// The connection broke before an answer came.
    private(set) var isBroken = false
    /// No answer is under way, or was cut, and the source goes on listening.
    private var isKeepable = true

    /// Goes on with a kept connection if there is one.
    init(
        _ source: DownloadSource, root: Digest, size: Int, passes: SourcePasses? = nil, on loop: EventLoop,
        within patience: Duration, kept connections: KeptConnections?
    ) async throws(SourceFault) {
        (self.source, self.passes) = (source, passes)
        self.root = root
        self.size = size
        host = Bytes(source.endpoint.description.utf8)
        if let stream = await connections?.take(to: source, on: loop) {
            client = HTTPClient(stream)
            isUsed = true
            return
        }
        do {
            client = try await HTTPClient(
                to: source.endpoint, pin: source.certificate, on: loop, until: .now + patience)
        } catch {
            throw .failed("\(error)")
        }
    }

    /// Where its task waits for the source.
    var point: WaitPoint { client.stream.point }

    /// The layer, verified against the root.
    mutating func layer(while isWanted: @escaping @Sendable () -> Bool) async throws(SourceFault) -> PieceLayer {
        let count = (PieceGeometry(size: size)?.layerCount ?? 1) * Digest.byteCount
        guard
            let layer = PieceLayer(
                wire: try await body(of: .pieces(root), count, while: isWanted), size: size, root: root)
        else {
            throw .lied("its piece hashes do not make up the root")
        }
        return layer
    }

    /// The pieces that it has; nil for all of them.
    mutating func have(while isWanted: @escaping @Sendable () -> Bool) async throws(SourceFault) -> PieceSet? {
        let count = PieceGeometry(size: size)?.count ?? 0
        guard
            let pieces = PieceSet(wire: try await body(of: .have(root), (count + 7) / 8, while: isWanted), count: count)
        else {
            throw .lied("it has pieces that the file does not have")
        }
        return pieces.isComplete ? nil : pieces
    }

    private func request(_ route: PeerRoute) async -> RequestHead {
        var request = RequestHead(.get, route.target, host: host)
        if let pass = await passes?.passes([root], source)[root] { request.show(pass) }
        return request
    }

    /// A whole small answer.
    private mutating func body(
        of route: PeerRoute, _ count: Int, while isWanted: @escaping @Sendable () -> Bool
    ) async throws(SourceFault) -> Bytes {
        let request = await request(route)
        do {
            let head = try await answer(to: request, while: isWanted)
            _ = try check(BodyAnswer.judge(head, wholeOf: count))
            let body = try await client.readBody(count, until: .now + Self.patience)
            isKeepable = head.keepsAlive
            return body
        } catch {
            throw Self.fault(error)
        }
    }

    private mutating func answer(
        to request: RequestHead, while isWanted: @escaping @Sendable () -> Bool
    ) async throws -> ResponseHead {
        client.isWanted = isWanted
        (isUsed, isKeepable) = (true, false)
        do {
            return try await client.ask(request, until: .now + Self.patience)
        } catch let error as StreamError {
            switch error {
            case .closedEarly, .failed: isBroken = true
            case .timedOut, .cancelled, .encryption: break
            }
            throw error
        }
    }

    /// Asks for the bytes of `range`, which are then read piece by piece; `isWanted` is asked when the task is woken.
    mutating func ask(
        for range: Range<Int>, while isWanted: @escaping @Sendable () -> Bool
    ) async throws(SourceFault) -> End {
        guard let part = ByteRange(range.lowerBound, range.upperBound - 1) else { return .cut }
        var request = await request(.content(root, name: nil))
        request.ask(for: part)
        do {
            let head = try await answer(to: request, while: isWanted)
            excess = try check(BodyAnswer.judge(head, asked: part, of: size))
            unread = range.count
            isKeepable = head.keepsAlive
            return .whole
        } catch StreamError.cancelled {
            return .cut
        } catch {
            throw Self.fault(error)
        }
    }

    /// Fills the first `count` bytes of a buffer from the answer under way, and tells of each portion. `arrived` says
    /// when to go on.
    mutating func read(
        _ count: Int, into buffer: PieceBuffer, atMost portion: Int? = nil, _ arrived: (Int) -> Moment? = { _ in nil }
    ) async throws(SourceFault) -> End {
        var filled = 0
        while filled < count {
            let end = min(count, filled + (portion ?? count))
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[filled..<end])
            do {
                let got = try await client.read(into: rest, until: .now + Self.patience)
                guard got > 0 else { throw StreamError.closedEarly }
                filled += got
                unread -= got
                if let start = arrived(got) { try await client.rest(until: start) }
            } catch StreamError.cancelled {
                return .cut
            } catch {
                throw Self.fault(error)
            }
        }
        return .whole
    }

    /// Whether the answer has been read to its end, and the next request can be sent.
    var isAtEnd: Bool { excess == 0 && unread == 0 }

    /// The connection, for whoever asks next; nil when it is of no further use.
    mutating func letGo() -> Stream? { isKeepable && isAtEnd ? client.letGo() : nil }

    /// Comes to the end of an answer of which no more is needed, if that is near.
    mutating func finish(_ buffer: PieceBuffer) async throws(SourceFault) -> End {
        guard excess == 0, unread <= Self.worthReading else { return .cut }
        return try await read(unread, into: buffer)
    }

    /// What would follow behind the bytes that were asked for.
    private func check(_ answer: BodyAnswer) throws(SourceFault) -> Int {
        switch answer {
        case .body(_, let excess): return excess
        case .rangeIgnored: throw .failed("cannot send parts of a file")
        case .busy(let seconds): throw .busy(retryAfterSeconds: seconds)
        // Its own trouble may pass.
        case .refused(let status) where status.code >= 500: throw .failed("answered \(status)")
        case .refused(let status) where passes != nil && SourcePasses.refuses(status):
            passes?.refused(root, source)
            throw .failed("did not take our pass (\(status))")
        case .refused(let status): throw .refused(status)
        case .lie(let what): throw .lied(what)
        }
    }

    private static func fault(_ error: any Error) -> SourceFault {
        if let fault = error as? SourceFault { return fault }
        if let fault = error as? HTTPFault { return .lied(fault.reason) }
        return .failed("\(error)")
    }
}
