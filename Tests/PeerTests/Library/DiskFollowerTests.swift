import Glibc
import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

/// The library while its folders change, with the kernel's own events.
@Suite struct DiskFollowerTests {
    private let fixture: LibraryFixture
    private var scratch: ScratchFolder { fixture.scratch }

    init() throws { fixture = try LibraryFixture() }

    /// Follows the share while `story` runs.
    private func following(limit: Int = .max, _ story: () async throws -> Void) async throws {
        let group = try LoopGroup(count: 1)
        let disk = WorkerPool(name: "disk", threads: 1)
        let follower = DiskFollower(
            fixture.library, cache: fixture.cache, hasher: fixture.hasher, watch: ShareWatch(limit: limit), disk: disk)
        _ = try await follower.scan()
        _ = try await fixture.hasher.run()
        let loop = group.loops[0]
        let following = Task(executorPreference: loop) { await follower.follow(on: loop) }
        let result: Result<Void, any Error>
        do { result = .success(try await story()) } catch { result = .failure(error) }
        group.drain()
        await following.value
        group.stop()
        disk.close()
        try result.get()
    }

    /// Waits until exactly that is listed, hashed or not.
    private func expect(_ names: [String], hashed: Bool = true) async throws {
        try await TestClock.waitElsewhere(for: "names \(names)") { [fixture] in
            fixture.names == names && (!hashed || fixture.library.unhashed().isEmpty)
        }
    }

    @Test("a file that is dropped in is listed and hashed, one that is changed is hashed again, one that goes is gone")
    func files() async throws {
        try fixture.write("old", "old")
        try await following {
            try fixture.write("new", "new")
            try await expect(["new", "old"])
            #expect(fixture.library.entry(named: try name("new"))?.root == root(of: "new"))
            try fixture.write("old", "rewritten")
            try await TestClock.waitElsewhere(for: "the new root") { [fixture] in
                fixture.library.entries(of: root(of: "rewritten")).map { text($0.name) } == ["old"]
            }
            unlink(scratch.file("share/old"))
            try await expect(["new"])
        }
    }

    @Test("hidden files, unfinished downloads and links are not listed; another name of a file is")
    func rules() async throws {
        try await following {
            try fixture.write(".hidden", "1")
            try fixture.write("a.part", "2")
            symlink("/etc/passwd", scratch.file("share/link"))
            symlink("/etc", scratch.file("share/folder"))
            mkfifo(scratch.file("share/pipe"), 0o600)
            try fixture.write("file", "3")
            link(scratch.file("share/file"), scratch.file("share/twin"))
            try await expect(["file", "twin"])
            rename(scratch.file("share/a.part"), scratch.file("share/a"))
            try await expect(["a", "file", "twin"])
            rename(scratch.file("share/a"), scratch.file("share/.a"))
            try await expect(["file", "twin"])
        }
    }

    @Test("a rename keeps the root, so that nothing is hashed and nobody sees the file without it")
    func renames() async throws {
        scratch.folder("share/album")
        try fixture.write("album/song", "song")
        try fixture.write("single", "single")
        try await following {
            var changes = fixture.library.changes()
            let first = await changes.next()
            #expect(first?.listed.count == 2)
            rename(scratch.file("share/single"), scratch.file("share/album/second"))
            rename(scratch.file("share/album"), scratch.file("share/disc"))
            var (listed, removed): (Set<String>, Set<String>) = ([], [])
            while !listed.isSuperset(of: ["disc/second", "disc/song"]) || removed.count < 2 {
                let next = await changes.next()
                let batch = try #require(next)
                #expect(batch.listed.allSatisfy { $0.root != nil })
                listed.formUnion(batch.listed.map { text($0.name) })
                removed.formUnion(batch.removed.map(text))
            }
            #expect(removed.isSuperset(of: ["album/song", "single"]))
            try await expect(["disc/second", "disc/song"])
            // The folder is followed under its new name.
            try fixture.write("disc/third", "third")
            try await expect(["disc/second", "disc/song", "disc/third"])
        }
    }

    @Test("whole trees that are made, moved in and moved out are followed, whatever happens in them meanwhile")
    func trees() async throws {
        scratch.folder("outside/a/b")
        try scratch.write("outside/a/b/deep", Bytes("deep".utf8))
        try await following {
            for number in 0..<20 {
                scratch.folder("share/tree/\(number)/x")
                try fixture.write("tree/\(number)/x/file", "\(number)")
            }
            let tree = (0..<20).map { "tree/\($0)/x/file" }.sorted()
            try await expect(tree)
            rename(scratch.file("outside/a"), scratch.file("share/a"))
            try await expect(["a/b/deep"] + tree)
            try fixture.write("a/b/deeper", "1")
            try await expect(["a/b/deep", "a/b/deeper"] + tree)
            rename(scratch.file("share/tree"), scratch.file("outside/tree"))
            try await expect(["a/b/deep", "a/b/deeper"])
            // It is not ours any more, and comes back as it is then.
            try scratch.write("outside/tree/0/x/late", Bytes("late".utf8))
            unlink(scratch.file("outside/tree/1/x/file"))
            rename(scratch.file("outside/tree"), scratch.file("share/tree"))
            let now = tree.filter { $0 != "tree/1/x/file" } + ["tree/0/x/late"]
            try await expect(["a/b/deep", "a/b/deeper"] + now.sorted())
        }
    }

    @Test("new dates and rights of folders change nothing; a tree that leaves and returns at once is back")
    func datesOfFolders() async throws {
        scratch.folder("share/a/b")
        for file in ["a/b/one", "a/two", "three"] { try fixture.write(file, file) }
        try await following {
            for folder in ["share", "share/a", "share/a/b"] {
                utimensat(AT_FDCWD, scratch.file(folder), nil, 0)
                chmod(scratch.file(folder), 0o750)
            }
            rename(scratch.file("share/a"), scratch.file("a"))
            rename(scratch.file("a"), scratch.file("share/a"))
            try fixture.write("last", "last")
            try await expect(["a/b/one", "a/two", "last", "three"])
        }
    }

    @Test("[fault F21] a share whose folder goes away and comes back is withdrawn and shared again")
    func drive() async throws {
        try fixture.write("file", "1")
        try await following {
            rename(scratch.file("share"), scratch.file("away"))
            try await expect([])
            #expect(fixture.library.offlineFolders.count == 1)
            rename(scratch.file("away"), scratch.file("share"))
            try await expect(["file"])
            try fixture.write("new", "2")
            try await expect(["file", "new"])
        }
    }

    @Test("where folders cannot be watched, those that can are, and the rest is said to be read again")
    func blind() async throws {
        for folder in ["a", "b", "c"] { scratch.folder("share/\(folder)") }
        let watch = ShareWatch(limit: 1)
        let disk = WorkerPool(name: "disk", threads: 1)
        defer { disk.close() }
        let follower = DiskFollower(
            fixture.library, cache: fixture.cache, hasher: fixture.hasher, watch: watch, disk: disk)
        _ = try await follower.scan()
        #expect(watch.refusal?.exhaustedWatchSetting == "fs.inotify.max_user_watches")
        // The first folder that was read is watched all the same.
        try await following(limit: 1) {
            try fixture.write("top", "1")
            try await expect(["top"])
        }
    }

    @Test("a burst of more events than the kernel keeps is made up for by reading again")
    func overflow() async throws {
        let limit = try String(decoding: Self.read("/proc/sys/fs/inotify/max_queued_events"), as: UTF8.self)
        let count = (Int(limit.prefix { $0.isNumber }) ?? 16_384) + 1_000
        try fixture.write("kept", "1")
        try await following {
            // While the disk is kept busy elsewhere nobody takes the events, which are two for each of these.
            for number in 0..<count {
                let path = scratch.file("share/\(number)")
                close(open(path, O_WRONLY | O_CREAT, 0o644))
                unlink(path)
            }
            try fixture.write("last", "2")
            try await expect(["kept", "last"])
        }
    }

    private static func read(_ path: String) throws -> Bytes {
        let file = fopen(path, "r")
        defer { fclose(file) }
        var buffer = Bytes(repeating: 0, count: 100)
        return Bytes(buffer.prefix(fread(&buffer, 1, 100, file)))
    }
}
