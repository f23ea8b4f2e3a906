import P2PProtocol
import TestSupport
import Testing

/// Servers that go and come back while people search and download.
@Suite struct StoryOutageTests {
    private static let songs = (0..<2).map { Noise.bytes((12 << 20) + $0, seed: 90 + UInt64($0)) }

    /// Two servers that everybody uses, somebody who gives slowly, and somebody who takes.
    private struct Scene {
        let scratch: ScratchFolder
        var indexes: [IndexFixture]
        let giver: PeerFixture
        let taker: PeerFixture

        init() throws {
            scratch = try ScratchFolder()
            indexes = try (0..<2).map { _ in try IndexFixture() }
            for name in ["ada", "me"] { scratch.folder(name) }
            for (number, song) in songs.enumerated() { try scratch.write("ada/song \(number).bin", song) }
            let slow = try scratch.write("slow.json", Bytes(#"{"peer": {"uploadLimit": "3M"}}"#.utf8))
            giver = try PeerFixture("daemon", at: indexes, in: scratch.file("ada"), ["--config", slow])
            for index in indexes { try index.expectHolders([1], of: "song") }
            taker = try PeerFixture("daemon", at: indexes, in: scratch.file("me"))
            for index in indexes { try index.wait(for: "PEERS") { $0.array?.count == 2 } }
        }

        /// Starts a server again where it was.
        mutating func restart(_ number: Int) throws {
            let old = indexes[number]
            indexes[number] = try IndexFixture(["--port", "\(old.port)"], scratch: old.scratch)
        }

        /// A search by the running taker: both songs, and who is said to be missing.
        func search() throws -> String {
            let result = try PeerFixture.run(["search", "song", "--json", "--dir", taker.folder], in: taker.folder)
            #expect(result.code == 0, "\(result.complaints)")
            #expect(try JSON.parse(Bytes(result.text.utf8))["hits"]?.array?.count == 2, "\(result.text)")
            return result.complaints
        }

        func order(_ name: String) throws -> ChildProcess {
            try PeerFixture.start(["get", "name:\"\(name)\"", "--dir", taker.folder], at: [], in: taker.folder)
        }
    }

    @Test(
        "[mission L1] [mission A5] of two servers each is killed and started again: every search is answered, no download is lost"
    )
    func outage() throws {
        var scene = try Scene()
        for number in 0..<2 {
            let address = "127.0.0.1:\(scene.indexes[number].port)"
            let get = try scene.order("song \(number).bin")
            try TestClock.wait(for: "bytes") {
                try scene.taker.metric("rookery_peer_received_bytes_total") > number * (13 << 20)
            }
            #expect(try scene.search() == "")
            try scene.indexes[number].kill()
            try TestClock.wait(for: "the notice") { try scene.search().contains(address) }
            for _ in 0..<3 { #expect(try scene.search().split(separator: "\n").count == 1) }
            try scene.restart(number)
            try TestClock.wait(for: "both servers") { try scene.search() == "" }
            #expect(try get.exitCode(within: 60) == 0, "\(get.errorText)")
            let song = scene.scratch.file("me/song \(number).bin")
            #expect(ScratchFolder.root(of: song) == Self.songs[number].contentRoot)
            // Whoever was away knows who has it now, too.
            for index in scene.indexes { try index.expectHolders([1, 2], of: "song \(number)") }
        }
        try scene.taker.stop()
        try scene.giver.stop()
        for index in scene.indexes { try index.stop() }
    }
}
