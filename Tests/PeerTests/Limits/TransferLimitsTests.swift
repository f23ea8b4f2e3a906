import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

@Suite struct TransferLimitsTests {
    private static func change(_ text: String) throws -> TransferLimits.Change {
        try TransferLimits.Change(Bytes(text.utf8))
    }

    @Test("rates are read as people write them, and anything else is refused")
    func rates() throws {
        #expect(try Self.change("500K") == .to(500 << 10) && Self.change("2M") == .to(2 << 20))
        #expect(try Self.change("1") == .to(1) && Self.change("0") == .to(nil) && Self.change("off") == .to(nil))
        #expect(try Self.change("default") == .back)
        for text in ["", "-1", "fast", "1.5M", "2T", "99999999999999999999", "5 M"] {
            #expect(throws: Misuse.self, "\(text)") { try Self.change(text) }
        }
    }

    @Test("[mission N14] what is set goes before the configuration, until it is taken back; the rest follows that")
    func saved() throws {
        let scratch = try ScratchFolder()
        let saved = SavedLimits(file: Bytes(scratch.file("limits").utf8))
        let configured = TransferLimits(upload: 1_000, perPeer: nil, download: 3_000)
        #expect(saved.limits(over: configured) == configured)
        try saved.apply([.upload: .to(nil), .perPeer: .to(20)])
        #expect(saved.limits(over: configured) == TransferLimits(upload: nil, perPeer: 20, download: 3_000))
        try saved.apply([.upload: .back, .download: .to(7)])
        #expect(saved.limits(over: configured) == TransferLimits(upload: 1_000, perPeer: 20, download: 7))
        try scratch.write("limits", Bytes("upload x\0nonsense 5\0download 9\0".utf8))
        #expect(saved.limits(over: configured) == TransferLimits(upload: 1_000, perPeer: nil, download: 9))
    }

    @Test("favourites are those of the configuration until the list is changed, also to nobody")
    func favourites() throws {
        let scratch = try ScratchFolder()
        let (ada, bob) = (Bytes("ada".utf8), Bytes("bob".utf8))
        let saved = SavedFavourites(file: Bytes(scratch.file("favourites").utf8), configured: [ada])
        #expect(saved.favourites == [ada])
        #expect(try saved.add(bob) && !saved.add(ada))
        #expect(saved.favourites == [ada, bob])
        #expect(try saved.remove(ada) && saved.remove(bob) && !saved.remove(bob))
        #expect(saved.favourites.isEmpty)
    }
}
