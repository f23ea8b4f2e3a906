import Glibc
import P2PProtocol
import P2PRuntime
import Peer
import Synchronization
import TestSupport
import Testing

@Suite struct LibraryHasherTests {
    private let fixture: LibraryFixture
    private var library: Library { fixture.library }

    init() throws { fixture = try LibraryFixture() }

    @Test("gives every file its root and keeps its layer")
    func hashes() async throws {
        for number in 0..<200 { try fixture.write("small \(number)", "content \(number % 50)") }
        try fixture.write("big", String(repeating: "0123456789abcdef", count: 200_000))
        try fixture.write("empty", "")
        _ = library.rescan()
        let report = try await fixture.hasher.run()
        #expect(report.hashed == 202)
        #expect(report.failed.isEmpty)
        #expect(library.unhashed().isEmpty)
        #expect(library.entries(of: root(of: "content 7")).count == 4)
        for file in ["big", "empty", "small 3"] {
            let entry = try #require(library.entry(named: try name(file)))
            let layer = try #require(try await fixture.cache.layer(of: entry.identity))
            #expect(layer.root == entry.root)
            #expect(layer.geometry.size == entry.size)
        }
    }

    @Test(
        "a large file is hashed in parts, and comes to the same as in one", arguments: [0, 1, (1 << 20) - 1, 1 << 20])
    func large(beyond: Int) async throws {
        let size = (16 << 20) + beyond
        let path = try fixture.write("large", "begin")
        #expect(truncate(path, size) == 0)
        let file = open(path, O_WRONLY)
        defer { close(file) }
        // No two pieces are alike.
        for start in stride(from: 1 << 20, to: size - 8, by: 1 << 20) {
            var stamp = start
            #expect(pwrite(file, &stamp, 8, start) == 8)
        }
        _ = library.rescan()
        #expect(try await fixture.hasher.run().hashed == 1)
        let whole = try FileHasher.hash(try Descriptor.openFile(Bytes(path.utf8)))
        guard case .hashed(let expected) = whole else { throw TestFailure("\(whole)") }
        #expect(library.list().first?.root == expected.root)
        #expect(try await fixture.cache.layer(of: expected.identity) == expected.layer)
    }

    @Test("[fault F20] a large file that becomes shorter while it is hashed gets no root")
    func shrinks() async throws {
        let path = try fixture.write("large", "begin")
        #expect(truncate(path, 64 << 20) == 0)
        _ = library.rescan()
        let length = Mutex(60 << 20)
        let report = try await fixture.hasher.run { _ in
            length.withLock { length in
                length -= 4_096
                truncate(path, length)
            }
        }
        #expect(report.restless.map(text) == ["large"])
        #expect(try await fixture.hasher.run().hashed == 1)
    }

    @Test("a restart hashes nothing again, and a renamed file neither")
    func restart() async throws {
        for name in ["a", "b"] { try fixture.write(name, name) }
        _ = library.rescan()
        _ = try await fixture.hasher.run()
        rename(fixture.scratch.file("share/a"), fixture.scratch.file("share/moved"))
        let again = Library(library.folders)
        _ = again.rescan()
        let report = try await LibraryHasher(again, cache: fixture.cache, threads: 1).run()
        #expect(report.cached == 2)
        #expect(report.hashed == 0)
        #expect(again.entry(named: try name("moved"))?.root == root(of: "a"))
    }

    @Test("a file with a new date or size is hashed again")
    func changed() async throws {
        let path = try fixture.write("a", "old")
        _ = library.rescan()
        _ = try await fixture.hasher.run()
        try fixture.write("a", "new")
        var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 1)]
        utimensat(AT_FDCWD, path, &times, 0)
        _ = library.rescan()
        #expect(try await fixture.hasher.run().hashed == 1)
        #expect(library.list().first?.root == root(of: "new"))
    }

    @Test("a file that is written to while it is hashed gets no root of a state that it never had")
    func restless() async throws {
        let content = String(repeating: "x", count: 3 << 20)
        let path = try fixture.write("growing", content)
        try fixture.write("calm", "calm")
        _ = library.rescan()
        let report = try await fixture.hasher.run { progress in
            guard progress.bytes > 10 else { return }
            let file = fopen(path, "a")
            fputs("more", file)
            fclose(file)
        }
        #expect(report.restless.map(text) == ["growing"])
        #expect(library.unhashed().map { text($0.name) } == ["growing"])
        #expect(library.entry(named: try name("calm"))?.root == root(of: "calm"))
        #expect(try await fixture.hasher.run().hashed == 1)
    }

    @Test("a file that changed between listing and hashing is hashed as it is now")
    func late() async throws {
        try fixture.write("a", "listed")
        _ = library.rescan()
        try fixture.write("a", "and rewritten")
        let report = try await fixture.hasher.run()
        #expect(report.restless.isEmpty)
        #expect(library.list().first?.root == root(of: "and rewritten"))
    }

    @Test("two runs at once do not hash a file twice, and both names of a file that is renamed meanwhile come right")
    func sideBySide() async throws {
        for number in 0..<50 { try fixture.write("\(number)", String(repeating: "\(number)", count: 100_000)) }
        _ = library.rescan()
        let hasher = fixture.hasher
        let (begun, bell) = AsyncStream.makeStream(of: Void.self)
        async let first = hasher.run { _ in bell.yield() }
        for await _ in begun { break }
        rename(fixture.scratch.file("share/49"), fixture.scratch.file("share/renamed"))
        _ = library.rescan()
        async let second = hasher.run()
        let hashed = try await first.hashed + second.hashed
        #expect(hashed <= 51)
        _ = try await hasher.run()
        #expect(library.unhashed().isEmpty)
        #expect(library.entry(named: try name("renamed"))?.root == root(of: String(repeating: "49", count: 100_000)))
    }

    @Test("a file that is gone when its turn comes is taken off the list")
    func gone() async throws {
        let path = try fixture.write("a", "a")
        try fixture.write("b", "b")
        _ = library.rescan()
        unlink(path)
        let report = try await fixture.hasher.run()
        #expect(report.failed.map { text($0.name) } == ["a"])
        #expect(fixture.names == ["b"])
    }

    @Test("progress counts up to all files and all bytes")
    func progress() async throws {
        for number in 0..<10 { try fixture.write("\(number)", String(repeating: "x", count: 300_000)) }
        _ = library.rescan()
        let most = Mutex((files: 0, bytes: 0))
        _ = try await fixture.hasher.run { progress in
            #expect(progress.totalFiles == 10)
            #expect(progress.totalBytes == 3_000_000)
            most.withLock { $0 = (max($0.files, progress.files), max($0.bytes, progress.bytes)) }
        }
        #expect(most.withLock { $0 } == (10, 3_000_000))
    }

    @Test("a cancelled run stops, and what it has hashed is kept")
    func cancelled() async throws {
        for number in 0..<300 { try fixture.write("\(number)", String(repeating: "x", count: 200_000)) }
        _ = library.rescan()
        let (begun, bell) = AsyncStream.makeStream(of: Void.self)
        let hasher = fixture.hasher
        let run = Task { try await hasher.run { _ in bell.yield() } }
        for await _ in begun { break }
        run.cancel()
        await #expect(throws: CancellationError.self) { try await run.value }
        let left = library.unhashed().count
        #expect(try await fixture.hasher.run().hashed == left)
    }
}
