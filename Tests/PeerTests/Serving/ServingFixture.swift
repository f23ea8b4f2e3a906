import Glibc
import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

/// A peer's share on the disk and the service before it.
final class ServingFixture: Sendable {
    /// Who asks.
    static let asker = Endpoint(address: IPAddress("10.0.0.9") ?? .loopback, port: 50_000)

    let files: LibraryFixture
    let disk = WorkerPool(name: "disk", threads: 1)
    let metrics: PeerMetrics
    let service: PeerService

    var library: Library { files.library }

    init(
        ownership: Ownership = .copy, log: Logger = .silent,
        verify: @escaping HandoffDesk.Verify = { _, _ in .unknown }
    ) throws {
        // As in the program: who hangs up in the middle of an answer ends that connection, and no process.
        signal(SIGPIPE, SIG_IGN)
        files = try LibraryFixture()
        files.scratch.folder("state")
        metrics = PeerMetrics(of: files.library)
        let folder = HandedOffFolder(in: Bytes(files.scratch.file("state").utf8))
        service = PeerService(
            files.library, cache: files.cache, disk: disk,
            handoffs: HandoffDesk(ownership: ownership, folder: folder, verify: verify), metrics: metrics,
            log: log)
    }

    deinit { disk.close() }

    /// Writes files into the share, each folder made on the way, and hashes everything.
    func share(_ contents: KeyValuePairs<String, Bytes>) async throws {
        for (name, content) in contents {
            if let slash = name.lastIndex(of: "/") { files.scratch.folder("share/\(name[..<slash])") }
            try files.scratch.write("share/\(name)", content)
        }
        _ = library.rescan()
        _ = try await files.hasher.run()
    }

    /// Sends a request as it would be typed, with further field lines.
    func ask(_ line: String, _ fields: String...) async throws -> ServedAnswer {
        let text = "\(line) HTTP/1.1\r\nHost: peer\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
        var parser = RequestHeadParser()
        let bytes = Bytes(text.utf8)
        guard case .head(let head, _) = parser.next(in: bytes.span) else { throw TestFailure("no head: \(line)") }
        return ServedAnswer(await service.answer(HTTPRequest(head: head, remote: Self.asker)))
    }

    func path(_ name: String) -> String { files.scratch.file("share/\(name)") }
}

/// An answer of the service, looked at as a client would.
struct ServedAnswer {
    let response: HTTPResponse

    init(_ response: HTTPResponse) { self.response = response }

    var status: Int { response.head.status.code }

    func field(_ name: StaticString) -> String? {
        response.head.fields.first(name).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes that a GET would receive, each chunk of them counted as sent.
    func body() throws -> Bytes {
        switch response.body {
        case .none, .growing: return []
        case .bytes(let bytes): return bytes
        case .file(let file, let range, let sent, _):
            var bytes = Bytes(repeating: 0, count: range.count)
            let count = try bytes.withUnsafeMutableBytes { try file.descriptor.read(into: $0, at: range.first) }
            sent(count)
            return Bytes(bytes[..<count])
        }
    }

    var text: String { (try? body()).map { String(decoding: $0, as: UTF8.self) } ?? "unreadable" }
}

/// Bytes that look like nothing in particular, the same for the same seed.
func noise(_ count: Int, seed: UInt64) -> Bytes {
    var generator = Seeded(seed: seed)
    var bytes = Bytes()
    bytes.reserveCapacity(count + 7)
    while bytes.count < count {
        withUnsafeBytes(of: generator.next()) { bytes.append(contentsOf: $0) }
    }
    return Bytes(bytes[..<count])
}

/// The root of some bytes.
func root(of content: Bytes) -> Digest {
    var hasher = ContentHasher()
    content.withUnsafeBytes { hasher.update($0) }
    return hasher.finish().root
}
