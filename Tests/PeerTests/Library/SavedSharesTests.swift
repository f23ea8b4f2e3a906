import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

@Suite struct SavedSharesTests {
    @Test("keeps paths of any bytes in their order, each once")
    func keeps() throws {
        let scratch = try ScratchFolder()
        let shares = SavedShares(file: Bytes(scratch.file("shares").utf8))
        #expect(shares.paths.isEmpty)
        let odd: Bytes = [0x2F, 0xFF, 0x0A, 0x20]
        for path in [odd, Bytes("/b".utf8), Bytes("/a".utf8)] { #expect(try shares.add(path)) }
        #expect(try !shares.add(odd))
        #expect(shares.paths == [odd, Bytes("/b".utf8), Bytes("/a".utf8)])
        #expect(try shares.remove(Bytes("/b".utf8)))
        #expect(try !shares.remove(Bytes("/b".utf8)))
        #expect(SavedShares(file: Bytes(scratch.file("shares").utf8)).paths == [odd, Bytes("/a".utf8)])
    }
}
