import Glibc
import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

@Suite struct WatcherTests {
    private let scratch: ScratchFolder
    private let folder: RootedFolder

    init() throws {
        scratch = try ScratchFolder()
        scratch.folder("in")
        folder = try RootedFolder(Bytes(scratch.file("in").utf8))
    }

    private func watch(_ relative: String, by watcher: Watcher) throws -> Int32 {
        let opened = try folder.openFolder(Bytes(relative.utf8))
        return try watcher.watch(opened)
    }

    @Test("hears of files and folders, and of a rename both ends with one cookie")
    func hears() throws {
        let watcher = try Watcher()
        let number = try watch(".", by: watcher)
        #expect(watcher.next().isEmpty)
        try scratch.write("in/a", [1])
        scratch.folder("in/sub")
        rename(scratch.file("in/a"), scratch.file("in/b"))
        unlink(scratch.file("in/b"))
        let events = watcher.next()
        #expect(events.allSatisfy { $0.watch == number })
        #expect(events.map { String(decoding: $0.name, as: UTF8.self) } == ["a", "a", "sub", "a", "b", "b"])
        #expect(events.map(\.isFolder) == [false, false, true, false, false, false])
        guard case .movedFrom(let from) = events[3].kind, case .movedTo(let to) = events[4].kind else {
            throw TestFailure("\(events)")
        }
        #expect(from == to)
        #expect(watcher.next().isEmpty)
    }

    @Test("a folder keeps its number under another name, and ends when it is removed")
    func numbers() throws {
        scratch.folder("in/sub")
        let watcher = try Watcher()
        let number = try watch("sub", by: watcher)
        rename(scratch.file("in/sub"), scratch.file("in/other"))
        #expect(try watch("other", by: watcher) == number)
        rmdir(scratch.file("in/other"))
        #expect(watcher.next().map(\.kind) == [.ended])
    }

    @Test("says what to raise when there are no more watches, and takes more when some were given back")
    func limit() throws {
        scratch.folder("in/one")
        scratch.folder("in/two")
        let watcher = try Watcher(limit: 1)
        let first = try watch("one", by: watcher)
        do throws(SystemError) {
            let opened = try folder.openFolder(Bytes("two".utf8))
            _ = try watcher.watch(opened)
            Issue.record("watched more than the limit")
        } catch {
            #expect(error.exhaustedWatchSetting == "fs.inotify.max_user_watches")
        }
        watcher.unwatch(first)
        #expect(watcher.next().contains(FolderEvent(watch: first, .ended)))
        _ = try watch("two", by: watcher)
    }
}
