internal import P2PProtocol
internal import P2PRuntime

/// A kept connection to one source of one content.
struct SourceSession: ~Copyable {
    private static let patience: Duration = .seconds(20)

    let root: Digest
    let size: Int
    private let host: Bytes
    let loop: EventLoop
    private let endpoint: Endpoint
    private var client: HTTPClient

    init(_ source: DownloadSource, root: Digest, size: Int, on loop: EventLoop) async throws(SourceFault) {
        self.root = root
        self.size = size
        self.loop = loop
        endpoint = source.endpoint
        host = Bytes(source.endpoint.description.utf8)
        do {
            client = try await HTTPClient(to: source.endpoint, on: loop, until: .now + .seconds(10))
        } catch {
            throw .failed("\(error)")
        }
    }

    /// The layer, verified against the root.
    mutating func layer() async throws(SourceFault) -> PieceLayer {
        let count = (PieceGeometry(size: size)?.layerCount ?? 1) * Digest.byteCount
        let request = RequestHead(.get, PeerRoute.pieces(root).target, host: host)
        let wire: Bytes
        do {
            let head = try await client.ask(request, until: .now + Self.patience)
            try Self.check(BodyAnswer.judge(head, wholeOf: count))
            wire = try await client.readBody(count, until: .now + Self.patience)
        } catch {
            throw Self.fault(error)
        }
        guard let layer = PieceLayer(wire: wire, size: size, root: root) else {
            throw .lied("its piece hashes do not make up the root")
        }
        return layer
    }

    /// Asks for the bytes of `range`; they are then read piece by piece.
    mutating func ask(for range: Range<Int>) async throws(SourceFault) {
        guard let part = ByteRange(range.lowerBound, range.upperBound - 1) else { return }
        var request = RequestHead(.get, PeerRoute.content(root, name: nil).target, host: host)
        request.ask(for: part)
        do {
            let head = try await client.ask(request, until: .now + Self.patience)
            try Self.check(BodyAnswer.judge(head, asked: part, of: size))
        } catch {
            throw Self.fault(error)
        }
    }

    /// Fills the first `count` bytes of a buffer from the answer under way.
    mutating func read(_ count: Int, into buffer: PieceBuffer) async throws(SourceFault) {
        var filled = 0
        while filled < count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer.bytes[filled..<count])
            do {
                let got = try await client.read(into: rest, until: .now + Self.patience)
                guard got > 0 else { throw StreamError.closedEarly }
                filled += got
            } catch {
                throw Self.fault(error)
            }
        }
    }

    private static func check(_ answer: BodyAnswer) throws(SourceFault) {
        switch answer {
        // A whole file where its beginning was asked for: what was asked comes first, the connection is then given up.
        case .body: return
        case .rangeIgnored: throw .failed("cannot send parts of a file")
        case .busy(let seconds): throw .busy(retryAfterSeconds: seconds)
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
