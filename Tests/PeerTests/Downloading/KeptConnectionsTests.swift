import P2PProtocol
import P2PRuntime
import Peer
import Synchronization
import TestSupport
import Testing

/// One download after the other from the same source.
@Suite struct KeptConnectionsTests {
    /// What the source does with a connection after an answer.
    private enum Manner: Sendable {
        case keeping
        /// It closes at once.
        case closing
        /// It closes when it is asked again.
        case dying
    }

    /// Somebody who has a few files, and counts who comes.
    private final class Scene: Sendable {
        let contents: [Bytes]
        let giver: ServingFixture
        let group: LoopGroup
        let scratch: ScratchFolder
        let disk = WorkerPool(name: "disk", threads: 2)
        let kept = KeptConnections()
        let source: DownloadSource
        let accepted = Mutex(0)

        init(_ sizes: [Int], _ manner: Manner = .keeping, isEncrypted: Bool = false) async throws {
            contents = sizes.enumerated().map { noise($1, seed: UInt64($0)) }
            group = try LoopGroup(count: 1)
            scratch = try ScratchFolder()
            giver = try ServingFixture()
            for (number, content) in contents.enumerated() {
                try giver.files.scratch.write("share/\(number)", content)
            }
            try await giver.share([:])
            let listener = try Listener(on: Endpoint(address: .loopback, port: 0), group: group)
            let identity = try TLSIdentity.make(name: "giver")
            source = DownloadSource(
                id: 1, endpoint: listener.endpoint, certificate: isEncrypted ? identity.fingerprint : nil)
            let service = giver.service
            let server = HTTPServer(
                disk: giver.disk, tls: try TLSContext(serving: identity),
                idle: manner == .closing ? .milliseconds(1) : HTTPServer.usualIdle, service: service.answer)
            listener.serve { [self] stream in
                accepted.withLock { $0 += 1 }
                if manner == .dying { return await Self.answerOnce(stream, service) }
                await server.serve(stream)
            }
        }

        deinit {
            group.stop()
            disk.close()
        }

        var connections: Int { accepted.withLock { $0 } }

        /// Gives one content, however many requests that takes, and dies when it is asked for another.
        private static func answerOnce(_ stream: Stream, _ service: PeerService) async {
            var (pending, parser) = (Bytes(), RequestHeadParser())
            var asked: Bytes?
            while true {
                let bytes = pending
                guard case .head(let head, let consumed) = parser.next(in: bytes.span) else {
                    let scratch = stream.loop.scratch.input
                    let count = (try? await stream.read(into: scratch, until: .now + .seconds(20))) ?? 0
                    guard count > 0 else { return stream.close() }
                    pending += scratch[..<count]
                    continue
                }
                pending.removeFirst(consumed)
                let root = Bytes(head.target.path.suffix(64))
                guard root == asked ?? root else { return stream.close() }
                asked = root
                let answer = ServedAnswer(await service.answer(HTTPRequest(head: head, remote: stream.remote)))
                guard let body = try? answer.body() else { return stream.close() }
                try? await stream.write(answer.response.head.bytes + body, until: .now + .seconds(20))
            }
        }

        /// Downloads one of the files; what sources were given up for.
        func download(_ number: Int) async throws -> [String] {
            let content = contents[number]
            var company = Download.Company()
            company.connections = kept
            let download = Download(
                root: content.contentRoot, size: content.count, localName: Bytes("file \(number)".utf8),
                folder: try RootedFolder(Bytes(scratch.path.utf8)), disk: disk, company: company
            ) { _ in }
            let loop = group.loops[0]
            let outcome = try await Task(executorPreference: loop) { [source] in
                try await download.run(from: [source], on: loop)
            }.value
            #expect(ScratchFolder.read(scratch.file("file \(number)")) == content)
            return outcome.faults
        }
    }

    private static let sizes = [(1 << 20) + 1, 5, (3 << 20) + 7, 100_000, 2 << 20]

    @Test("five downloads, one after the other, take one connection", arguments: [false, true])
    func one(isEncrypted: Bool) async throws {
        let scene = try await Scene(Self.sizes, isEncrypted: isEncrypted)
        for number in Self.sizes.indices { #expect(try await scene.download(number).isEmpty) }
        #expect(scene.connections == 1 && scene.kept.count == 1)
    }

    @Test("a connection that the source has closed is let go of at once, and the next download takes another")
    func closed() async throws {
        let scene = try await Scene(Self.sizes, .closing)
        for number in Self.sizes.indices {
            #expect(try await scene.download(number).isEmpty)
            try await TestClock.waitElsewhere(for: "no connection") { scene.kept.count == 0 }
        }
        #expect(scene.connections >= Self.sizes.count)
    }

    @Test("[fault F26] a request over a kept connection that dies is made once more over another, and nobody is blamed")
    func dying() async throws {
        let scene = try await Scene(Self.sizes, .dying)
        for number in Self.sizes.indices { #expect(try await scene.download(number).isEmpty) }
        #expect(scene.connections == Self.sizes.count)
    }

    @Test("what nobody uses is closed after a while")
    func forgotten() async throws {
        let scene = try await Scene([10])
        #expect(try await scene.download(0).isEmpty)
        #expect(scene.kept.count == 1)
        try await TestClock.waitElsewhere(for: "no connection") { scene.kept.count == 0 }
    }
}
