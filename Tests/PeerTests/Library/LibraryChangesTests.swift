import Glibc
import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

@Suite struct LibraryChangesTests {
    private let fixture: LibraryFixture
    private var library: Library { fixture.library }

    init() throws { fixture = try LibraryFixture() }

    private func rescanAndHash() async throws {
        _ = library.rescan()
        _ = try await fixture.hasher.run()
    }

    @Test("a follower hears all that is shared, then what becomes of it")
    func follows() async throws {
        for name in ["a", "b"] { try fixture.write(name, name) }
        try await rescanAndHash()
        var changes = library.changes()
        let first = try #require(await changes.next())
        #expect(Set(first.listed.map(\.root)) == [root(of: "a"), root(of: "b")])
        unlink(fixture.scratch.file("share/a"))
        try fixture.write("c", "c")
        _ = library.rescan()
        let second = try #require(await changes.next())
        #expect(second.listed.map { text($0.name) } == ["c"])
        #expect(second.removed.map(text) == ["a"])
        _ = try await fixture.hasher.run()
        let third = try #require(await changes.next())
        #expect(third.listed.map(\.root) == [root(of: "c")])
    }

    @Test("what changes often while nobody listens is heard once, as it is now")
    func coalesces() async throws {
        try fixture.write("a", "")
        try fixture.write("b", "b")
        _ = library.rescan()
        var changes = library.changes()
        _ = await changes.next()
        for round in 1...20 {
            try fixture.write("a", String(repeating: "x", count: round))
            _ = library.rescan()
        }
        unlink(fixture.scratch.file("share/b"))
        _ = library.rescan()
        let batch = try #require(await changes.next())
        #expect(batch.listed.map(\.size) == [20])
        #expect(batch.removed.map(text) == ["b"])
    }

    @Test("a new date of the same content is no news")
    func sameContent() async throws {
        let path = try fixture.write("a", "same")
        try await rescanAndHash()
        var changes = library.changes()
        _ = await changes.next()
        var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 0)]
        utimensat(AT_FDCWD, path, &times, 0)
        try await rescanAndHash()
        try fixture.write("b", "b")
        _ = library.rescan()
        let batch = try #require(await changes.next())
        #expect(batch.listed.contains { text($0.name) == "b" })
        #expect(batch.listed.first { text($0.name) == "a" }.map { $0.root == root(of: "same") } ?? true)
    }

    @Test("batches are no larger than asked for, and together they are everything")
    func batches() async throws {
        for number in 0..<25 { try fixture.write("\(number)", "x") }
        _ = library.rescan()
        var changes = library.changes()
        var heard: Set<Name> = []
        while heard.count < 25 {
            let batch = try #require(await changes.next(atMost: 10))
            #expect(batch.listed.count <= 10)
            heard.formUnion(batch.listed.map(\.name))
        }
        #expect(heard == Set(library.list().map(\.name)))
    }

    @Test("a follower that waits is woken by a change, and by being cancelled")
    func wakes() async throws {
        try fixture.write("a", "a")
        let library = library
        let (sizes, heard) = AsyncStream.makeStream(of: Int.self)
        let follower = Task {
            var changes = library.changes()
            while let batch = await changes.next() { heard.yield(batch.listed.count) }
            heard.finish()
        }
        _ = library.rescan()
        var iterator = sizes.makeAsyncIterator()
        #expect(await iterator.next() == 1)
        follower.cancel()
        #expect(await iterator.next() == nil)
    }
}
