import P2PProtocol
import Peer
import TestSupport
import Testing

@Suite struct WishBookTests {
    private static func find(_ name: String, size: Int? = 10, root: UInt8? = 1) -> WishBook.Find {
        let root = root.map { SHA256.hash([$0]) }
        return WishBook.Find(name: Bytes(name.utf8), size: size, root: root, holder: 7)
    }

    private static func wish(_ number: Int, _ query: String, isFetched: Bool = false) -> Wish {
        Wish(number: number, query: Bytes(query.utf8), isFetched: isFetched)
    }

    @Test("what appears answers every wish that it matches, each once, whatever it is called then")
    func once() {
        var book = WishBook()
        book.set([Self.wish(1, "calm"), Self.wish(2, "sea ext:flac"), Self.wish(3, "storm")])
        #expect(book.take(Self.find("calm sea.flac")).map(\.number) == [1, 2])
        #expect(book.take(Self.find("calm again.flac")).isEmpty)
        #expect(book.take(Self.find("calm sea.flac", root: 2)).map(\.number) == [1, 2])
    }

    @Test("an index that sends what was not wished for is not believed")
    func foreign() {
        var book = WishBook()
        book.set([Self.wish(1, "calm size:<1M"), Self.wish(2, "peer:8")])
        for find in [Self.find("virus.exe"), Self.find("calm sea", size: 5 << 20), Self.find("calm", size: nil)] {
            #expect(book.take(find).isEmpty)
        }
    }

    @Test("what was found is known after a restart; of a wish that is gone nothing is kept")
    func memory() {
        var book = WishBook()
        book.set([Self.wish(1, "calm"), Self.wish(2, "sea")])
        _ = book.take(Self.find("calm sea"))
        _ = book.take(Self.find("only a name of the sea", size: nil, root: nil))
        var next = WishBook(seen: book.lines + [Bytes("x".utf8), Bytes("1 00".utf8), []])
        next.set([Self.wish(2, "sea"), Self.wish(3, "sea")])
        #expect(next.take(Self.find("calm sea")).map(\.number) == [3])
        #expect(next.take(Self.find("only a name of the sea", size: nil, root: nil)).map(\.number) == [3])
        next.set([])
        #expect(next.lines.isEmpty)
    }

    @Test("wishes are kept in their order under numbers that are never given twice")
    func saved() throws {
        let scratch = try ScratchFolder()
        let saved = SavedWishes(file: Bytes(scratch.file("wishes").utf8))
        #expect(saved.wishes.isEmpty)
        let first = try saved.add(Bytes("calm sea".utf8), isFetched: false)
        let second = try saved.add(Bytes("storm".utf8), isFetched: true)
        #expect([first.number, second.number] == [1, 2] && saved.wishes == [first, second])
        #expect(try saved.add(first.query, isFetched: true) == Wish(number: 1, query: first.query, isFetched: true))
        #expect(try saved.remove(2) == second)
        #expect(try saved.remove(2) == nil)
        #expect(try saved.add(second.query, isFetched: false).number == 3)
        #expect(throws: (any Error).self) { try saved.add(Bytes("\"".utf8), isFetched: false) }
        #expect(throws: (any Error).self) { try saved.add(Bytes("size:huge".utf8), isFetched: false) }
    }
}
