import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

@Suite struct TransferStoreTests {
    private static func order(_ number: UInt64) -> TransferOrder {
        TransferOrder(
            root: Digest(words: (number, 1, 2, 3)), size: Int(number), name: [0xFF, 0x41], ownership: .move,
            giver: PeerReference(Bytes("7@127.0.0.1:8888".utf8)), target: Bytes("/music".utf8))
    }

    private static let states: [Transfer.State] = [
        .queued, .paused, .cancelled, .failed(reason: "no"), .done(path: [0xFE], note: "well"),
        .settling(
            Transfer.Debt(
                path: Bytes("/a/b".utf8), name: Name(validating: Bytes("b".utf8)),
                giver: PeerReference(id: 3, server: nil),
                since: WallClock(milliseconds: 1_700_000_000_000)), reason: nil, until: Moment(nanoseconds: 0)),
    ]

    private static func save(_ changes: [TransferChange], in store: TransferStore) async throws {
        try await store.save {
            changes
        } giveBack: { _ in
        }
    }

    @Test("what was saved is there again, byte for byte, and numbers are not given twice")
    func round() async throws {
        let scratch = try ScratchFolder()
        let path = Bytes(scratch.file("transfers.sqlite").utf8)
        let transfers = Self.states.enumerated().map { index, state in
            Transfer(number: index + 1, order: Self.order(UInt64(index)), place: index * 5, state: state)
        }
        do {
            let store = try TransferStore(path)
            #expect(store.kept.isEmpty && store.next == 1 && store.setAside == nil)
            try await Self.save(transfers.map { .save($0) }, in: store)
        }
        do {
            let store = try TransferStore(path)
            #expect(store.kept == transfers && store.next == 7)
            try await Self.save([.remove(6), .remove(1)], in: store)
        }
        let store = try TransferStore(path)
        #expect(store.kept.map(\.number) == [2, 3, 4, 5] && store.next == 7)
    }

    @Test("what is under way, or waits to be tried again, is kept as an order")
    func underWay() async throws {
        let scratch = try ScratchFolder()
        let path = Bytes(scratch.file("transfers.sqlite").utf8)
        let states: [Transfer.State] = [.running, .waiting(reason: "later", until: Moment(nanoseconds: 5))]
        for state in states {
            let store = try TransferStore(path)
            try await Self.save(
                [.save(Transfer(number: 1, order: Self.order(1), place: 1, state: state))], in: store)
        }
        #expect(try TransferStore(path).kept.map(\.state) == [.queued])
    }

    @Test("[fault F12] what is no file, or was written by a newer version, is refused with a reason")
    func refused() throws {
        let scratch = try ScratchFolder()
        scratch.folder("folder")
        #expect(throws: StorageError.self) { try TransferStore(Bytes(scratch.file("folder").utf8)) }
        try scratch.write("empty", [])
        #expect(try TransferStore(Bytes(scratch.file("empty").utf8)).kept.isEmpty)
        let newer = Bytes(scratch.file("newer").utf8)
        try SQLiteDatabase(newer, durability: .beforeCommit, migrations: []).execute("PRAGMA user_version=99")
        #expect { try TransferStore(newer) } throws: { ($0 as? StorageError)?.reason == .newer }
    }

    @Test("[fault F12] a damaged queue is kept beside, and a new one begun", arguments: 0..<60)
    func damaged(round: Int) async throws {
        let scratch = try ScratchFolder()
        let path = scratch.file("transfers.sqlite")
        do {
            let store = try TransferStore(Bytes(path.utf8))
            try await Self.save(
                (1...40).map { .save(Transfer(number: $0, order: Self.order(UInt64($0)), place: $0)) }, in: store)
        }
        var content = try #require(ScratchFolder.read(path))
        var random = Seeded(seed: UInt64(round))
        if round % 2 == 0 {
            content = Bytes(content.prefix(Int.random(in: 1..<content.count, using: &random)))
        } else {
            for _ in 0..<8 { content[Int.random(in: 0..<content.count, using: &random)] ^= 1 << UInt8(round % 8) }
        }
        try scratch.write("transfers.sqlite", content)
        do {
            let store = try TransferStore(Bytes(path.utf8))
            if let aside = store.setAside {
                let name = String(decoding: aside, as: UTF8.self)
                #expect(name.contains(".damaged-2") && ScratchFolder.read(name) == content)
                #expect(store.kept.isEmpty)
            }
            // Whatever was read of it, it works.
            try await Self.save(
                [.save(Transfer(number: store.next, order: Self.order(99), place: 1 << 40))], in: store)
        } catch let error as StorageError {
            // Flipped bits may also make it a newer one, or none that may be written.
            #expect(error.reason != .corrupt, "\(error)")
        }
    }
}
