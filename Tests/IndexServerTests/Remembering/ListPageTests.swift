import IndexServer
import P2PProtocol
import TestSupport
import Testing

@Suite struct ListPageTests {
    private static func files() throws -> [FileEntry] {
        try [
            FileEntry(name: Name(Bytes("a".utf8)), size: 0, root: Digest(words: (1, 2, 3, .max))),
            FileEntry(name: Name(Bytes("music/\u{e9}.mp3".utf8)), size: 1 << 53, root: Digest(words: (.max, 0, 0, 0))),
            FileEntry(name: Name(Bytes(repeating: 0xFF, count: 1_024)), size: 7, root: Digest(words: (0, 0, 0, 0))),
        ]
    }

    @Test("what is written is read again, without what has no root")
    func roundTrip() throws {
        let files = try Self.files()
        let more = try files + [FileEntry(name: Name(Bytes("x".utf8)), size: 5, root: nil)]
        #expect(ListPage(ListPage.encode(adding: more)) == .added(files))
        #expect(ListPage(ListPage.encode(removing: files.map(\.name))) == .removed(files.map(\.name)))
    }

    @Test("[fault F12] a page cut short anywhere gives the whole entries before the cut")
    func short() throws {
        let files = try Self.files()
        let page = ListPage.encode(adding: files)
        for count in 1..<page.count {
            guard case .added(let read) = ListPage(Bytes(page[..<count])) else {
                Issue.record("nothing of \(count) bytes")
                continue
            }
            #expect(read.count < files.count && files.starts(with: read))
        }
        #expect(ListPage([]) == nil)
    }

    @Test("[fault F12] a page with flipped bits is read without harm", arguments: 0..<20)
    func damaged(seed: Int) throws {
        var random = Seeded(seed: UInt64(seed))
        for _ in 0..<200 {
            var page = try ListPage.encode(adding: Self.files())
            for _ in 0..<3 {
                page[Int.random(in: 0..<page.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
            if case .added(let read) = ListPage(page) { #expect(read.count <= page.count / 42) }
        }
    }
}
