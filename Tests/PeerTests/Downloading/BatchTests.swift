import Glibc
import P2PProtocol
import P2PRuntime
import Peer
import Synchronization
import TestSupport
import Testing

/// Many small contents at once, from services in this process.
@Suite struct BatchTests {
    /// Peers who share the same files, and a folder to download into.
    private final class Scene: Sendable {
        let contents: [Bytes]
        let group: LoopGroup
        let scratch: ScratchFolder
        let givers: [ServingFixture]
        let sources: [DownloadSource]
        let disk = WorkerPool(name: "disk", threads: 2)
        let connections = Mutex(0)
        let arrivals = Mutex<[Batch.Arrival]>([])

        /// The first `liars` of the givers send as many bytes as they should, but others.
        init(files: Int, givers count: Int = 1, liars: Int = 0) async throws {
            contents = (0..<files).map { Noise.bytes(1 + $0 * 997 % 40_000, seed: UInt64($0)) }
            group = try LoopGroup(count: 2)
            scratch = try ScratchFolder()
            var (givers, listeners) = ([ServingFixture](), [Listener]())
            for _ in 0..<count {
                let giver = try ServingFixture()
                for (number, content) in contents.enumerated() {
                    try giver.files.scratch.write("share/\(number)", content)
                }
                try await giver.share([:])
                listeners.append(try Listener(on: Endpoint(address: .loopback, port: 0), group: group))
                givers.append(giver)
            }
            self.givers = givers
            sources = listeners.enumerated().map { DownloadSource(id: $0 + 1, endpoint: $1.endpoint) }
            for (number, (listener, giver)) in zip(listeners, givers).enumerated() {
                let server = HTTPServer(disk: giver.disk) { request in
                    let answer = await giver.service.answer(request)
                    guard number < liars, let count = answer.head.contentLength else { return answer }
                    return HTTPResponse(answer.head, .bytes(Bytes(repeating: 7, count: count)))
                }
                listener.serve { [self] in
                    connections.withLock { $0 += 1 }
                    await server.serve($0)
                }
            }
        }

        deinit {
            group.stop()
            disk.close()
        }

        /// Fetches everything; what could not be had.
        func fetch(
            _ manner: Batch.Manner = .parallel, from sources: [DownloadSource]? = nil, received: Counter? = nil
        ) async throws -> [Int: [String]] {
            let requests = contents.enumerated().map { number, content in
                Batch.Request(
                    root: content.contentRoot, size: content.count, localName: Bytes("file \(number)".utf8),
                    sources: sources ?? self.sources)
            }
            let folder = try RootedFolder(Bytes(scratch.path.utf8))
            let batch = Batch(requests, into: folder, manner, disk: disk, received: received)
            return try await batch.run(on: group.loops) { [self] news in
                // Whole, under their names, when they are told.
                for case .success(let file) in news.map(\.file) {
                    #expect(ScratchFolder.exists(scratch.file(String(decoding: file.path, as: UTF8.self))))
                }
                arrivals.withLock { $0 += news }
            }
        }

        func expectAll() {
            for (number, content) in contents.enumerated() {
                #expect(ScratchFolder.read(scratch.file("file \(number)")) == content, "file \(number)")
            }
            #expect(ScratchFolder.list(scratch.path).count == contents.count)
            #expect(arrivals.withLock { Set($0.map(\.item)).count == contents.count && $0.count == contents.count })
        }

        var connectionCount: Int { connections.withLock { $0 } }
    }

    @Test("[mission F5] three hundred files over several connections, each byte once")
    func parallel() async throws {
        let scene = try await Scene(files: 300)
        let received = MetricsRegistry().counter("received", "Bytes.")
        #expect(try await scene.fetch(received: received).isEmpty)
        scene.expectAll()
        #expect(2...4 ~= scene.connectionCount, "\(scene.connectionCount)")
        #expect(received.value == scene.contents.reduce(0) { $0 + $1.count })
    }

    @Test("[mission F6] three hundred files one after another, over one connection")
    func serial() async throws {
        let scene = try await Scene(files: 300)
        #expect(try await scene.fetch(.serial).isEmpty)
        scene.expectAll()
        #expect(scene.connectionCount == 1)
    }

    @Test("[attack A63] what a liar sends is no file: it is named, and the others give everything")
    func liar() async throws {
        let scene = try await Scene(files: 100, givers: 3, liars: 1)
        #expect(try await scene.fetch().isEmpty)
        scene.expectAll()
        #expect(scene.arrivals.withLock { $0.allSatisfy { $0.giver != scene.sources[0] } })
        let alone = try await Scene(files: 3, liars: 1)
        let failures = try await alone.fetch()
        #expect(failures.count == 3 && failures.values.allSatisfy { $0.contains { $0.contains("wrong data") } })
        #expect(ScratchFolder.list(alone.scratch.path).isEmpty)
    }

    @Test("who does not have a file costs only that file; who is gone costs nothing while another is there")
    func missing() async throws {
        let scene = try await Scene(files: 50, givers: 2)
        for number in 0..<10 { unlink(scene.givers[0].path("\(number)")) }
        _ = scene.givers[0].library.rescan()
        let listener = try Listener(on: Endpoint(address: .loopback, port: 0), group: scene.group)
        let gone = DownloadSource(id: 9, endpoint: listener.endpoint)
        _ = consume listener
        let failures = try await scene.fetch(from: [gone, scene.sources[0]])
        #expect(failures.keys.sorted() == Array(0..<10))
        #expect(failures.values.allSatisfy { $0.contains { $0.hasPrefix("peer 1 at") && $0.contains("no longer") } })
        let other = try await Scene(files: 50, givers: 2)
        #expect(try await other.fetch(from: [gone] + other.sources).isEmpty)
        other.expectAll()
    }

    @Test("what an earlier attempt has left whole is not fetched again, what is torn is")
    func leftovers() async throws {
        let scene = try await Scene(files: 20)
        for number in 0..<20 {
            let content = scene.contents[number]
            let bytes = number < 10 ? content : Bytes(content.prefix(content.count / 2)) + [1]
            try scene.scratch.write("\(content.contentRoot).part", bytes)
        }
        let received = MetricsRegistry().counter("received", "Bytes.")
        #expect(try await scene.fetch(received: received).isEmpty)
        scene.expectAll()
        #expect(received.value == scene.contents[10...].reduce(0) { $0 + $1.count })
        #expect(scene.arrivals.withLock { $0.count { $0.giver == nil } } == 10)
    }

    @Test("a name that is taken is not overwritten")
    func taken() async throws {
        let scene = try await Scene(files: 1)
        try scene.scratch.write("file 0", [1, 2, 3])
        #expect(try await scene.fetch().isEmpty)
        #expect(ScratchFolder.read(scene.scratch.file("file 0")) == [1, 2, 3])
        #expect(ScratchFolder.read(scene.scratch.file("file 0 (2)")) == scene.contents[0])
    }

    @Test("one that is cancelled ends, and says so")
    func cancelled() async throws {
        let scene = try await Scene(files: 5)
        let task = Task { try await scene.fetch() }
        task.cancel()
        await #expect(throws: DownloadFailure.self) { try await task.value }
    }
}
