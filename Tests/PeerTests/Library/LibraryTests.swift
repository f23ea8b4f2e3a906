import Glibc
import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

@Suite struct LibraryTests {
    private let fixture: LibraryFixture
    private var library: Library { fixture.library }

    init() throws { fixture = try LibraryFixture() }

    private func hashAll() async throws {
        _ = library.rescan()
        _ = try await fixture.hasher.run()
    }

    // MARK: Listing

    @Test("lists what is there in the order of the bytes, without roots until it is hashed")
    func lists() throws {
        for name in ["b", "a", "B", "ä"] { try fixture.write(name, name) }
        #expect(library.rescan().files == 4)
        #expect(fixture.names == ["B", "a", "b", "ä"])
        #expect(library.list().allSatisfy { $0.root == nil })
        #expect(library.unhashed().count == 4)
    }

    @Test("a rescan finds what is new, gone and changed, and keeps the roots of the rest")
    func rescans() async throws {
        for name in ["same", "gone", "grown"] { try fixture.write(name, name) }
        try await hashAll()
        unlink(fixture.scratch.file("share/gone"))
        try fixture.write("grown", "grown up")
        try fixture.write("new", "new")
        #expect(library.rescan().files == 3)
        #expect(fixture.names == ["grown", "new", "same"])
        #expect(library.unhashed().map { text($0.name) } == ["grown", "new"])
        #expect(library.entry(named: try name("same"))?.root == root(of: "same"))
    }

    @Test("one name in two folders is the first folder's, and the second's once the first has none")
    func twoFolders() throws {
        let scratch = fixture.scratch
        scratch.folder("one/x")
        scratch.folder("two/x")
        try scratch.write("one/x/file", Bytes("1".utf8))
        try scratch.write("two/x/file", Bytes("22".utf8))
        let folders = ["one/x", "two/x"].map { SharedFolder(Bytes(scratch.file($0).utf8), naming: .underOwnName) }
        let library = Library(folders)
        for _ in 0..<2 { #expect(library.rescan().files == 1) }
        #expect(library.list().map(\.size) == [1])
        unlink(scratch.file("one/x/file"))
        _ = library.rescan()
        #expect(library.list().map(\.size) == [2])
        try scratch.write("one/x/file", Bytes("333".utf8))
        _ = library.rescan()
        #expect(library.list().map(\.size) == [3])
    }

    @Test("[attack A59] [fault F21] a folder whose drive is gone is offline, and comes back without being hashed again")
    func offline() async throws {
        for name in ["file", "other"] { try fixture.write(name, name) }
        try await hashAll()
        let (here, away) = (fixture.scratch.file("share"), fixture.scratch.file("away"))
        #expect(rename(here, away) == 0)
        #expect(openedName("file") == nil)
        // As long as nobody has looked for the folder, one file's absence says nothing.
        #expect(fixture.names == ["file", "other"])
        #expect(library.rescan().unavailable.count == 1)
        #expect(fixture.names.isEmpty)
        #expect(library.offlineFolders == library.folders)
        // The empty place where the drive was mounted is not the drive.
        fixture.scratch.folder("share")
        for _ in 0..<2 { #expect(library.rescan().unavailable.isEmpty) }
        #expect(library.offlineFolders == library.folders)
        rmdir(here)
        #expect(rename(away, here) == 0)
        #expect(library.rescan(knowing: fixture.cache).unavailable.isEmpty)
        #expect(library.offlineFolders.isEmpty)
        #expect(fixture.names == ["file", "other"])
        #expect(library.unhashed().isEmpty)
        #expect(openedName("file") == "file")
    }

    @Test("[attack A91] a share within a share, or the same one twice, is listed once")
    func overlapping() throws {
        let scratch = fixture.scratch
        scratch.folder("music/rock/live")
        for file in ["pop", "rock/song", "rock/live/concert"] { try scratch.write("music/\(file)", [1]) }
        symlink("music", scratch.file("link"))
        let paths = ["music/rock", "music", "music/rock", "link"]
        let folders = paths.map { SharedFolder(Bytes(scratch.file($0).utf8), naming: .underOwnName) }
        for order in [folders, folders.reversed()] {
            let library = Library(order)
            for _ in 0..<2 { _ = library.rescan() }
            #expect(library.offlineFolders.isEmpty)
            #expect(
                library.list().map { String(decoding: $0.name.lastComponent, as: UTF8.self) }.sorted()
                    == ["concert", "pop", "song"])
        }
    }

    @Test("an emptied folder is not offline, and neither is another one in its place that has files")
    func replaced() async throws {
        let path = try fixture.write("file", "1")
        try await hashAll()
        unlink(path)
        _ = library.rescan()
        #expect(library.offlineFolders.isEmpty)
        let here = fixture.scratch.file("share")
        rename(here, fixture.scratch.file("away"))
        fixture.scratch.folder("share")
        try fixture.write("new", "2")
        _ = library.rescan()
        #expect(library.offlineFolders.isEmpty)
        #expect(fixture.names == ["new"])
    }

    @Test("a folder that cannot be opened for want of descriptors keeps its files listed")
    func passing() async throws {
        try fixture.write("file", "1")
        try await hashAll()
        // A name that no kernel takes: an error that says nothing about the folder.
        let library = Library([SharedFolder(Bytes(repeating: 0x61, count: 5_000), naming: .bare)])
        #expect(library.rescan().unavailable.map(\.error.code) == [ENAMETOOLONG])
        #expect(library.offlineFolders.isEmpty)
    }

    @Test(
        "[mission N8] finds one's own file by what an index would call exactly its name",
        arguments: [
            ("Album/I Don't Like You Anymore.mp3", 1), ("i don't like you anymore.MP3", 1),
            ("I Don't Like You Anymore", 1), ("I Don't Like You", 0), ("Beyonce", 1), ("Album", 0), ("", 0),
        ])
    func exactly(text: String, count: Int) throws {
        fixture.scratch.folder("share/Album")
        try fixture.write("Album/I Don't Like You Anymore.mp3", "1")
        try fixture.write("Beyoncé.flac", "2")
        _ = library.rescan()
        #expect(library.entries(exactly: Bytes(text.utf8)).count == count)
    }

    // MARK: Serving

    @Test("opens a content by its root, under any of its names")
    func opens() async throws {
        for name in ["a", "b"] { try fixture.write(name, "twice") }
        try await hashAll()
        #expect(library.entries(of: root(of: "twice")).map { text($0.name) } == ["a", "b"])
        let file = try #require(openedName("twice"))
        #expect(file == "a")
        #expect(openedName("never") == nil)
    }

    @Test(
        "a content keeps the names that are left, whichever goes first",
        arguments: [["a", "b", "c"], ["c", "b", "a"]])
    func copies(order: [String]) async throws {
        for name in order { try fixture.write(name, "thrice") }
        try await hashAll()
        var left = Set(order)
        for name in order {
            #expect(Set(library.entries(of: root(of: "thrice")).map { text($0.name) }) == left)
            unlink(fixture.scratch.file("share/\(name)"))
            _ = library.rescan()
            left.remove(name)
        }
        #expect(library.entries(of: root(of: "thrice")).isEmpty)
    }

    @Test("[attack A60] a listed file that is gone is taken off the list, and another copy served")
    func gone() async throws {
        for name in ["a", "b"] { try fixture.write(name, "twice") }
        try await hashAll()
        unlink(fixture.scratch.file("share/a"))
        #expect(openedName("twice") == "b")
        #expect(fixture.names == ["b"])
        unlink(fixture.scratch.file("share/b"))
        #expect(openedName("twice") == nil)
        #expect(fixture.names.isEmpty)
    }

    @Test(
        "[attack A56] [attack A57] [attack A58] a file that is not what was hashed is not served as that",
        arguments: ["truncated", "replaced", "rewritten"])
    func changed(how: String) async throws {
        let path = try fixture.write("a", "before")
        try await hashAll()
        switch how {
        case "truncated": truncate(path, 3)
        case "replaced":
            try fixture.write("b", "behind")
            rename(fixture.scratch.file("share/b"), path)
        default:
            try fixture.write("a", "behind")
            // The clock of a file system is coarse: the date is set as later writing would have set it.
            var times = [timespec(tv_sec: 1, tv_nsec: 0), timespec(tv_sec: 1, tv_nsec: 1)]
            utimensat(AT_FDCWD, path, &times, 0)
        }
        #expect(openedName("before") == nil)
        #expect(library.entries(of: root(of: "before")).isEmpty)
        #expect(library.unhashed().map { text($0.name) } == ["a"])
    }

    @Test("[attack A55] a file that became a link is not followed")
    func becameLink() async throws {
        let path = try fixture.write("a", "inside")
        try fixture.scratch.write("secret", Bytes("inside".utf8))
        try await hashAll()
        unlink(path)
        symlink("../secret", path)
        #expect(openedName("inside") == nil)
        #expect(fixture.names.isEmpty)
    }

    @Test("a finished download is shared at once with its root; a taken-away file is not")
    func addsAndRemoves() throws {
        try fixture.write("done", "finished")
        let entry = try library.add(Bytes("done".utf8), folder: 0, root: root(of: "finished"))
        #expect(entry?.root == root(of: "finished"))
        #expect(openedName("finished") == "done")
        #expect(library.remove(try #require(entry)))
        #expect(!library.remove(try #require(entry)))
        #expect(openedName("finished") == nil)
        #expect(try library.add(Bytes("done".utf8), folder: 1, root: nil) == nil)
        #expect(throws: SystemError.self) { try library.add(Bytes("none".utf8), folder: 0, root: nil) }
    }

    @Test("a root for a file that has changed since is not believed")
    func lateRoot() throws {
        try fixture.write("a", "old")
        _ = library.rescan()
        let old = try #require(library.list().first)
        try fixture.write("a", "newer")
        _ = library.rescan()
        #expect(!library.setRoot(root(of: "old"), of: old.name, identity: old.identity))
        #expect(library.list().first?.root == nil)
    }

    /// The name under which a content was opened; its bytes are compared too.
    private func openedName(_ content: String) -> String? {
        guard let opened = library.open(root(of: content)) else { return nil }
        var buffer = Bytes(repeating: 0, count: 100)
        let count = try? buffer.withUnsafeMutableBytes { try opened.file.read(into: $0, at: 0) }
        #expect(buffer.prefix(count ?? 0).elementsEqual(content.utf8))
        return text(opened.entry.name)
    }
}
