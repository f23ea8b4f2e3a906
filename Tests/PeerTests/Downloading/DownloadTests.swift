import P2PProtocol
import P2PRuntime
import Peer
import Synchronization
import TestSupport
import Testing

/// Downloads from services in this process.
@Suite struct DownloadTests {
    /// A folder to download into, and peers who have one content.
    private final class Scene: Sendable {
        let content: Bytes
        let group: LoopGroup
        let scratch: ScratchFolder
        let givers: [ServingFixture]
        let sources: [DownloadSource]
        let disk = WorkerPool(name: "disk", threads: 2)
        let reports = Mutex<[DownloadProgress]>([])

        init(_ content: Bytes, givers count: Int = 1) async throws {
            self.content = content
            group = try LoopGroup(count: 2)
            scratch = try ScratchFolder()
            var (givers, sources) = ([ServingFixture](), [DownloadSource]())
            for number in 0..<count {
                let giver = try ServingFixture()
                try await giver.share(["song": content])
                let listener = try Listener(on: Endpoint(address: .loopback, port: 0), group: group)
                let server = HTTPServer(disk: giver.disk, service: giver.service.answer)
                listener.serve { await server.serve($0) }
                givers.append(giver)
                sources.append(DownloadSource(id: number + 1, endpoint: listener.endpoint))
            }
            (self.givers, self.sources) = (givers, sources)
        }

        deinit {
            group.stop()
            disk.close()
        }

        func download(
            _ company: Download.Company = .init(), size: Int? = nil, root wanted: Digest? = nil, isPatient: Bool = false
        ) throws -> Download {
            Download(
                root: wanted ?? root(of: content), size: size ?? content.count, localName: Bytes(ascii: "song"),
                folder: try RootedFolder(Bytes(scratch.path.utf8)), disk: disk, company: company, isPatient: isPatient
            ) { report in self.reports.withLock { $0.append(report) } }
        }

        /// Begins a download on one of the loops.
        func start(_ download: Download, from sources: [DownloadSource]) -> Task<Download.Outcome, any Error> {
            let loop = group.loops[0]
            return Task(executorPreference: loop) { try await download.run(from: sources, on: loop) }
        }

        var isRight: Bool { ScratchFolder.read(scratch.file("song")) == content }
    }

    @Test("three sources give one file; the reports go up to its size", arguments: [1, 1 << 20, (5 << 20) + 9])
    func together(size: Int) async throws {
        let scene = try await Scene(noise(size, seed: 1), givers: 3)
        var company = Download.Company()
        let received = MetricsRegistry().counter("received", "Bytes.")
        company.received = received
        let outcome = try await scene.start(try scene.download(company), from: scene.sources).value
        #expect(scene.isRight)
        #expect(outcome.faults.isEmpty)
        #expect(scene.sources.contains { $0 == outcome.giver })
        let done = scene.reports.withLock { $0.map(\.done) }
        #expect(done == done.sorted() && done.last == size)
        #expect(received.value >= size)
    }

    @Test("an empty file needs nobody; one that only is said to be empty is refused")
    func empty() async throws {
        let scene = try await Scene([])
        _ = try await scene.start(try scene.download(), from: scene.sources).value
        #expect(scene.isRight)
        let other = try scene.download(root: root(of: [1]))
        await #expect(throws: DownloadFailure.self) { try await scene.start(other, from: scene.sources).value }
        #expect(ScratchFolder.list(scene.scratch.path) == ["song"])
    }

    @Test("[attack A68] a size that nobody can mean costs neither memory nor a request", arguments: [1 << 50, Int.max])
    func endless(size: Int) async throws {
        let scene = try await Scene([1, 2, 3])
        let download = try scene.download(size: size)
        await #expect(throws: DownloadFailure.self) { try await scene.start(download, from: scene.sources).value }
        #expect(scene.givers[0].metrics.requests.value == 0)
    }

    @Test(
        "[attack A68] who has the content in another size is struck, and no file comes of it",
        arguments: [-1, 1, 1 << 20])
    func wrongSize(difference: Int) async throws {
        let scene = try await Scene(noise((2 << 20) + 7, seed: 2))
        let download = try scene.download(size: scene.content.count + difference)
        await #expect(throws: DownloadFailure.self) { try await scene.start(download, from: scene.sources).value }
        #expect(!ScratchFolder.exists(scene.scratch.file("song")))
    }

    @Test("one that is patient waits until somebody comes who has it")
    func patient() async throws {
        let scene = try await Scene(noise((3 << 20) + 1, seed: 3))
        var company = Download.Company()
        let asks = Asks(before: 2, then: scene.sources)
        company.find = { asks.answer() }
        let outcome = try await scene.start(try scene.download(company, isPatient: true), from: []).value
        #expect(scene.isRight && outcome.giver == scene.sources[0])
    }

    /// An index that knows nobody the first times.
    private final class Asks: Sendable {
        private let left: Mutex<Int>
        private let sources: [DownloadSource]

        init(before count: Int, then sources: [DownloadSource]) {
            left = Mutex(count)
            self.sources = sources
        }

        func answer() -> [DownloadSource] {
            left.withLock { left in
                left -= 1
                return left >= 0 ? [] : sources
            }
        }
    }

    @Test("a limit for all downloads holds each of them back, from several sources too")
    func limited() async throws {
        let scene = try await Scene(noise((3 << 20) + 5, seed: 6), givers: 3)
        var company = Download.Company()
        company.pace = DownloadPace(bytesPerSecond: 2 << 20)
        let start = Moment.now
        _ = try await scene.start(try scene.download(company), from: scene.sources).value
        // What comes at the very beginning is paid for later.
        #expect(scene.isRight && Moment.now.since(start) >= .milliseconds(1_350))
    }

    @Test("a download that is cancelled ends at once, and says so")
    func cancelled() async throws {
        let scene = try await Scene(noise((3 << 20) + 1, seed: 4))
        let task = scene.start(try scene.download(isPatient: true), from: [])
        task.cancel()
        await #expect(throws: DownloadFailure.self) { try await task.value }
    }

    @Test("without a source, and with one that is gone, it fails and says why")
    func nobody() async throws {
        let scene = try await Scene(noise(10, seed: 5))
        let listener = try Listener(on: Endpoint(address: .loopback, port: 0), group: scene.group)
        let gone = DownloadSource(id: 9, endpoint: Endpoint(address: .loopback, port: listener.endpoint.port))
        _ = consume listener
        do {
            _ = try await scene.start(try scene.download(), from: [gone]).value
            Issue.record("nobody gave it")
        } catch {
            #expect("\(error)".contains("peer 9 at 127.0.0.1:"), "\(error)")
        }
        await #expect(throws: DownloadFailure.self) { try await scene.start(try scene.download(), from: []).value }
    }
}
