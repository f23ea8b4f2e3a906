import Glibc
import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

@Suite struct ScannerTests {
    private let scratch: ScratchFolder
    private let share: SharedFolder

    init() throws {
        scratch = try ScratchFolder()
        scratch.folder("music")
        share = SharedFolder(Bytes(scratch.file("music").utf8), naming: .bare)
    }

    private func scan(_ scanner: Scanner = Scanner()) throws -> (names: [String], scan: FolderScan) {
        let scan = try scanner.scan(share)
        return (scan.files.map { text($0.name) }.sorted(), scan)
    }

    @Test("finds files in all folders, with what identifies them")
    func finds() throws {
        scratch.folder("music/a/b")
        scratch.folder("music/empty")
        try scratch.write("music/one", Bytes("1".utf8))
        let path = try scratch.write("music/a/b/two", Bytes("22".utf8))
        let found = try scan()
        #expect(found.names == ["a/b/two", "one"])
        var status = stat()
        #expect(stat(path, &status) == 0)
        let file = try #require(found.scan.files.first { $0.identity.size == 2 })
        #expect(file.identity.inode == UInt64(status.st_ino))
        #expect(file.identity.device == UInt64(status.st_dev))
        #expect(file.identity.modified == Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec))
        #expect(found.scan.skipped.isEmpty)
    }

    @Test("[attack A50] leaves hidden files, unfinished downloads and the program's own state alone")
    func leavesAlone() throws {
        for folder in ["music/.rookery", "music/state", "music/album.part"] { scratch.folder(folder) }
        for file in [".hidden", ".rookery/x", "state/x", "song.part", "album.part/song", "part", "a.parts"] {
            try scratch.write("music/\(file)", [1])
        }
        let state = try RootedFolder(Bytes(scratch.file("music/state").utf8)).status(Bytes(".".utf8)).folder
        #expect(try scan(Scanner(excluding: [state])).names == ["a.parts", "album.part/song", "part"])
    }

    @Test("leaves alone what the patterns name, whole folders too")
    func ignored() throws {
        for folder in ["music/@eaDir", "music/a/@eadir", "music/a/raw"] { scratch.folder(folder) }
        for file in ["@eaDir/x", "a/@eadir/y", "a/raw/z", "a/song", "x.TMP", "thumbs.db", "raw", "tmp"] {
            try scratch.write("music/\(file)", [1])
        }
        let patterns = ["*.tmp", "Thumbs.db", "@eaDir", "a/raw"].map { IgnorePattern(Bytes($0.utf8)) }
        #expect(try scan(Scanner(ignoring: patterns)).names == ["a/song", "raw", "tmp"])
    }

    @Test("[attack A54] skips pipes, sockets and devices without opening them")
    func specialFiles() throws {
        mkfifo(scratch.file("music/pipe"), 0o644)
        // Only an administrator can make one; where it cannot be made, there is none to skip.
        mknod(scratch.file("music/zero"), S_IFCHR | 0o666, 0x105)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: scratch.file("music/socket").utf8) }
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(ScratchFolder.exists(scratch.file("music/socket")))
        #expect(try scan().names == [])
    }

    @Test(
        "[attack A54] a sparse file is shared up to the limit of a file's size",
        arguments: [(-1, true), (0, true), (1, false)])
    func sparseFiles(beyond: Int, isShared: Bool) throws {
        var limits = Limits.standard
        limits.sharedFileBytes = 1 << 40
        let sparse = try scratch.write("music/sparse", [])
        #expect(truncate(sparse, limits.sharedFileBytes + beyond) == 0)
        let found = try scan(Scanner(limits: limits))
        #expect(found.names == (isShared ? ["sparse"] : []))
        #expect(found.scan.skipped.map(\.reason) == (isShared ? [] : [.tooLarge]))
    }

    @Test("[attack A55] follows no link: outside, inside, in a circle, or to nowhere")
    func links() throws {
        scratch.folder("music/inner")
        try scratch.write("secret", [1])
        try scratch.write("music/real", [1])
        for (name, target) in [("out", "../secret"), ("in", "real"), ("self", "self"), ("up", ".."), ("none", "none2")]
        {
            symlink(target, scratch.file("music/\(name)"))
        }
        symlink("..", scratch.file("music/inner/up"))
        #expect(try scan().names == ["real"])
    }

    @Test("[attack A53] goes 64 folders deep and says what it left out")
    func depth() throws {
        let deep = Array(repeating: "d", count: 70).joined(separator: "/")
        scratch.folder("music/\(deep)")
        for level in [64, 65] {
            let path = Array(repeating: "d", count: level).joined(separator: "/")
            try scratch.write("music/\(path)/file", [1])
        }
        let found = try scan()
        #expect(found.names == [Array(repeating: "d/", count: 64).joined() + "file"])
        #expect(found.scan.skipped.map(\.reason) == [.tooDeep])
    }

    @Test("[attack A53] a folder of many names is read to its end")
    func wide() throws {
        for number in 0..<3_000 { try scratch.write("music/\(number)", []) }
        #expect(try scan().names.count == 3_000)
    }

    @Test("a path that is too long for a name is reported, and the rest is shared")
    func longNames() throws {
        let component = String(repeating: "n", count: 250)
        let folder = "music/" + Array(repeating: component, count: 4).joined(separator: "/")
        scratch.folder(folder)
        try scratch.write("\(folder)/\(String(repeating: "x", count: 20))", [1])
        try scratch.write("\(folder)/\(String(repeating: "x", count: 21))", [1])
        let found = try scan()
        #expect(found.scan.files.map(\.name.bytes.count) == [1_024])
        #expect(found.scan.skipped.map(\.reason) == [.unnameable])
    }

    @Test(
        "names are bytes: what is no UTF-8, or is odd, is shared as it is",
        arguments: [
            [0xFF, 0xFE], [0x0A], [0x1B, 0x5B], Bytes("-rf".utf8), Bytes("$(touch x)".utf8), Bytes("e\u{301}".utf8),
        ])
    func oddNames(name: Bytes) throws {
        try scratch.write(Bytes("music/".utf8) + name, [1])
        #expect(try Scanner().scan(share).files.map(\.name.bytes) == [name])
    }

    @Test("names below --share begin with the folder's own name, those of --dir with nothing")
    func naming() throws {
        try scratch.write("music/song", [1])
        let path = scratch.file("music")
        for (path, expected) in [
            (path, "music/song"), (path + "/", "music/song"), (path + "//", "music/song"), (path + "/.", "music/song"),
            (path + "/../music", "music/song"),
        ] {
            let folder = SharedFolder(Bytes(path.utf8), naming: .underOwnName)
            let found = try Scanner().scan(folder).files.map(\.name)
            #expect(found.map(text) == [expected])
            #expect(found.first.flatMap(folder.relativePath) == Bytes("song".utf8))
        }
        #expect(try scan().names == ["song"])
    }

    @Test("a folder that is not there is an error, not an empty share")
    func missing() {
        let gone = SharedFolder(Bytes(scratch.file("gone").utf8), naming: .bare)
        #expect(throws: SystemError.self) { try Scanner().scan(gone) }
    }
}
