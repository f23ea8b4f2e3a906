import P2PProtocol
import Peer
import TestSupport
import Testing

@Suite struct FolderWalkTests {
    private static func name(_ text: String) throws -> Name { try #require(Name(validating: Bytes(text.utf8))) }

    private static func entry(_ name: String, size: Int? = 1) -> BrowseEntry {
        BrowseEntry(name: Bytes(name.utf8), size: size, root: Bytes(name.utf8).contentRoot)
    }

    @Test("a folder is gone through to its end, and keeps its own name and those below it")
    func structure() throws {
        let top = try Self.name("music/live")
        var walk = FolderWalk(top)
        let first = walk.next()
        #expect(first == top)
        walk.take([Self.entry("b.mp3"), Self.entry("1999/"), Self.entry("a.mp3")], of: top)
        let second = walk.next()
        let below = try #require(second)
        #expect(below == (try Self.name("music/live/1999")))
        walk.take([Self.entry("c.mp3")], of: below)
        let third = walk.next()
        #expect(third == nil && !walk.isCut)
        let places = walk.contents.map { String(decoding: $0.localName, as: UTF8.self) }
        #expect(places == ["live/1999/c.mp3", "live/a.mp3", "live/b.mp3"])
    }

    @Test("[attack A40] [attack A49] what an index makes up leads nowhere else: each part of a path is harmless")
    func hostile() throws {
        let top = try Self.name(".ssh")
        var walk = FolderWalk(top)
        _ = walk.next()
        let names = ["../up", "a/b", "", "/", "..", "../", ".", "-rf", ".bashrc", "twice", "twice", "a\\b", ".git/"]
        walk.take(names.map { Self.entry($0) }, of: top)
        while let next = walk.next() { walk.take([Self.entry("-x")], of: next) }
        for content in walk.contents {
            let parts = content.localName.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            #expect(parts.allSatisfy { !$0.isEmpty && $0.first != UInt8(ascii: ".") && $0.first != UInt8(ascii: "-") })
            #expect(parts.first == Bytes("_ssh".utf8)[...])
        }
        #expect(walk.files.count == 5, "\(walk.files.map(\.name))")
    }

    @Test("[attack A53] folders without end are left at a depth, and files without end at a number")
    func endless() throws {
        var walk = FolderWalk(try Self.name("a"))
        var steps = 0
        while let next = walk.next() {
            steps += 1
            walk.take([Self.entry("a/"), Self.entry("f")], of: next)
        }
        #expect(steps <= 65 && walk.isCut)
        var wide = FolderWalk(try Self.name("w"))
        _ = wide.next()
        let entries = (0..<100_001).map { BrowseEntry(name: Bytes("\($0)".utf8), size: 1, root: nil) }
        wide.take(entries + [Self.entry("more/")], of: try Self.name("w"))
        let next = wide.next()
        #expect(wide.files.count == 100_000 && wide.isCut && next == nil)
    }
}
