internal import P2PProtocol
internal import P2PRuntime

/// Gives players what they want to hear: `GET /stream/TOKEN/NAME`, any part of it, while it comes.
struct PlaybackService: Sendable {
    /// A download that cannot begin for so long is not worth a player's waiting.
    private static let patience: Duration = .seconds(60)
    private static let glance: Duration = .milliseconds(20)

    let desk: PlaybackDesk
    let library: Library
    let unfinished: UnfinishedContents
    let disk: WorkerPool

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
        guard let host = request.head.fields.sole("Host"), desk.isOurs(host), request.head.host == host else {
            return .text(.forbidden, "this is somebody else's address")
        }
        guard request.head.method == .get || request.head.method == .head else {
            var refusal = HTTPResponse.text(.methodNotAllowed, "only GET and HEAD")
            refusal.head.fields.append("Allow", "GET, HEAD")
            return refusal
        }
        guard let words = request.head.target.components, words.count == 3, words[0] == Bytes(ascii: "stream"),
            let playback = desk.playback(words[1])
        else { return .notFound }
        return await play(playback, for: request)
    }

    private func play(_ playback: Playback, for request: HTTPRequest) async -> HTTPResponse {
        let decision = ContentDecision.decide(request.head, size: playback.size, tag: EntityTag(playback.root))
        let head = decision.responseHead(
            root: playback.root, size: playback.size, name: Path.lastComponent(of: playback.name))
        guard request.head.method == .get, let range = decision.body(ofSize: playback.size) else {
            return HTTPResponse(head)
        }
        let end = Moment.now + Self.patience
        while playback.whereabouts() != .lost, Moment.now < end {
            if let body = await body(of: playback, range) { return HTTPResponse(head, body) }
            guard let point = request.point else { break }
            let readiness = await point.wait(for: .shutdown, until: .now + Self.glance)
            guard readiness.isDisjoint(with: [.shutdown, .hangUp]) else { break }
        }
        return .later("it has not begun to come yet", seconds: 5)
    }

    /// From the file where it lies, or from what is there of it; nil while there is nothing.
    private func body(of playback: Playback, _ range: ByteRange) async -> HTTPBody? {
        if case .here(let path) = playback.whereabouts() {
            let file = try? await disk.run { [library] in Self.open(playback, at: path, library) }
            return file.flatMap { $0 }.map { .file($0, range, sent: { _ in }) }
        }
        let position = unfinished.position(of: playback.root)
        position.byte = range.first
        guard let entry = unfinished[playback.root] else { return nil }
        let part = ArrivingPart(entry: entry, playback: playback, unfinished: unfinished)
        return .growing(entry.file, range) { part.bytes(from: $0) }
    }

    /// What is shared is known to be the file that was hashed; elsewhere at least its size is right.
    private static func open(_ playback: Playback, at path: Bytes, _ library: Library) -> OpenFile? {
        if let opened = library.open(playback.root) { return OpenFile(opened.file) }
        guard let file = try? RootedFolder(Path.parent(of: path)).openFile(Path.lastComponent(of: path)),
            let status = try? file.status(), status.identity.size == playback.size
        else { return nil }
        return OpenFile(file)
    }
}
