internal import P2PProtocol
internal import P2PRuntime

/// What is served of a content by its root: its bytes, its piece layer, and which pieces there are.
struct ContentResource: Sendable {
    /// A disk that does not say within this time what a file is cannot be reached.
    private static let patience: Duration = .seconds(10)

    let library: Library
    let unfinished: UnfinishedContents
    let cache: HashCache
    let disk: WorkerPool
    let slots: UploadSlots
    let pace: UploadPace
    let metrics: PeerMetrics
    let log: Logger

    /// `GET /content/<root>[/<name>]`. The file is found by its root alone; the name in the URL is for whoever saves it.
    func content(_ root: Digest, name: Bytes?, for request: HTTPRequest) async throws -> HTTPResponse {
        guard let (entry, file) = try await open(root, for: request) else {
            guard let entry = unfinished[root] else { return missing(root) }
            return await part(entry, of: root, name: name, for: request)
        }
        let decision = ContentDecision.decide(request.head, size: entry.size, tag: EntityTag(root))
        let head = decision.responseHead(root: root, size: entry.size, name: name ?? Bytes(entry.name.lastComponent))
        guard request.head.method == .get, let range = decision.body(ofSize: entry.size) else {
            return HTTPResponse(head)
        }
        return await upload(file, range, of: root, head, for: request)
    }

    /// The same of a download under way: only what is there and verified.
    private func part(
        _ entry: UnfinishedContents.Entry, of root: Digest, name: Bytes?, for request: HTTPRequest
    ) async -> HTTPResponse {
        let size = entry.layer.geometry.size
        let decision = ContentDecision.decide(request.head, size: size, tag: EntityTag(root))
        let head = decision.responseHead(root: root, size: size, name: name ?? entry.name)
        guard request.head.method == .get, let range = decision.body(ofSize: size) else { return HTTPResponse(head) }
        guard entry.holds(range) else { return .later("this part of it has not arrived here yet") }
        return await upload(entry.file, range, of: root, head, for: request)
    }

    /// Bytes that go out in a slot, and not faster than they may.
    private func upload(
        _ file: OpenFile, _ range: ByteRange, of root: Digest, _ head: ResponseHead, for request: HTTPRequest
    ) async -> HTTPResponse {
        guard range.count > 0 else { return HTTPResponse(head) }
        switch await slots.slot(for: request) {
        case .full(let position): return .queued(at: position)
        case .slot(let slot):
            let upload = Upload(
                root, bytes: range.count, to: request.remote, in: slot, at: pace, metrics: metrics, log: log)
            return HTTPResponse(
                head, .file(file, range, sent: upload.add, pace: upload.allow))
        }
    }

    /// `GET /pieces/<root>`.
    func pieces(_ root: Digest, for request: HTTPRequest) async throws -> HTTPResponse {
        guard let layer = try await layer(of: root) else { return .notFound }
        let decision = ContentDecision.decide(request.head, size: layer.count, tag: EntityTag(root))
        let head = decision.responseHead(root: root, size: layer.count, name: [])
        guard let range = decision.body(ofSize: layer.count) else { return HTTPResponse(head) }
        return HTTPResponse(head, .bytes(Bytes(layer[range.first..<range.first + range.count])))
    }

    /// `GET /have/<root>`: every piece of what is shared, and of a download under way those that are there. Not tagged,
    /// for they become more.
    func have(_ root: Digest) -> HTTPResponse {
        guard let entry = library.entries(of: root).first, let geometry = PieceGeometry(size: entry.size) else {
            return unfinished[root].map { HTTPResponse(.ok, $0.pieces().bits, type: ContentType.octets) } ?? .notFound
        }
        let (whole, rest) = geometry.count.quotientAndRemainder(dividingBy: 8)
        var bits = Bytes(repeating: 0xFF, count: whole)
        if rest > 0 { bits.append(0xFF << UInt8(8 - rest)) }
        return HTTPResponse(.ok, bits, type: ContentType.octets)
    }

    /// Nil for what there is not, or cannot be reached at the moment.
    private func open(_ root: Digest, for request: HTTPRequest) async throws -> (LibraryEntry, OpenFile)? {
        guard let device = library.entries(of: root).first?.identity.device else { return nil }
        let work: @Sendable () -> (LibraryEntry, OpenFile)? = { [library] in
            guard let opened = library.open(root) else { return nil }
            return (opened.entry, OpenFile(opened.file))
        }
        guard let point = request.point else { return try await disk.run(work) }
        do {
            return try await disk.run(on: device, at: point, until: .now + Self.patience, work)
        } catch is StreamError {
            return nil
        }
    }

    /// What is still listed though it could not be opened may come back by itself, such as a drive.
    private func missing(_ root: Digest) -> HTTPResponse {
        library.entries(of: root).isEmpty
            ? .notFound : .later("the file cannot be reached at the moment", seconds: 30)
    }

    /// The layer as it travels; of a file of one piece it is the root.
    private func layer(of root: Digest) async throws -> Bytes? {
        for entry in library.entries(of: root) {
            if entry.size <= PieceGeometry.pieceBytes { return root.bytes }
            if let layer = try await cache.layer(of: entry.identity) { return layer.wire }
        }
        return unfinished[root]?.layer.wire
    }
}
