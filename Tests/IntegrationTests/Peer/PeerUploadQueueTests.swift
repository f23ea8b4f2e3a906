import P2PProtocol
import TestSupport
import Testing

/// Who has to wait for an upload slot.
@Suite struct PeerUploadQueueTests {
    private static let song = Noise.bytes(24 << 20, seed: 5)

    private static func scene() throws -> PeerScene {
        let scratch = try ScratchFolder()
        let config = try scratch.write("config.json", Bytes(#"{"peer": {"uploadSlots": 1}}"#.utf8))
        defer { withExtendedLifetime(scratch) {} }
        return try PeerScene(["song.bin": song], ["--config", config])
    }

    /// Asks for the song and takes nothing of it.
    private static func asker(_ scene: PeerScene, from address: String? = nil) throws -> WireClient {
        let client = try WireClient(port: scene.peer.port, from: address, receiveBuffer: 4_096)
        client.send(
            Bytes("GET \(scene.target(song)) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8))
        return client
    }

    private static func wait(_ scene: PeerScene, active: Int, waiting: Int) throws {
        try TestClock.wait(for: "\(active) active, \(waiting) waiting") {
            try scene.peer.metric("rookery_peer_active_uploads") == active
                && scene.peer.metric("rookery_peer_waiting_uploads") == waiting
        }
    }

    @Test("[attack A44h] a request waits for a slot, stops when its asker hangs up, and goes on when one is free")
    func queue() throws {
        let scene = try Self.scene()
        let first = try Self.asker(scene)
        try Self.wait(scene, active: 1, waiting: 0)
        let second = try Self.asker(scene)
        try Self.wait(scene, active: 1, waiting: 1)
        var third = try Self.asker(scene)
        try Self.wait(scene, active: 1, waiting: 2)
        // On a busy machine one of the two may have been told to come back by now.
        let status = try PeerFixture.run(["status", "--dir", scene.peer.folder], in: scene.peer.folder)
        #expect(status.text.contains(" in 1 uploads, 2 more wait\n") || status.text.contains(", 1 more wait\n"))
        // What is no upload needs no slot.
        #expect(try scene.peer.ask("/have/\(Self.song.contentRoot)").status == 200)
        #expect(
            try scene.peer.ask(scene.target(Self.song), "If-None-Match: \"\(Self.song.contentRoot)\"").status == 304)
        second.abort()
        try Self.wait(scene, active: 1, waiting: 1)
        first.abort()
        var answer = try #require(third.end())
        // On a busy machine its ten seconds may have been over.
        while answer.starts(with: Bytes("HTTP/1.1 503".utf8)) {
            third = try Self.asker(scene)
            answer = try #require(third.end())
        }
        #expect(answer.suffix(Self.song.count).elementsEqual(Self.song))
        try Self.wait(scene, active: 0, waiting: 0)
        try scene.close()
    }

    @Test("who has waited for ten seconds is told to come back, and which number it is")
    func turnedAway() throws {
        let scene = try Self.scene()
        let first = try Self.asker(scene)
        try Self.wait(scene, active: 1, waiting: 0)
        let answer = try scene.peer.ask(scene.target(Self.song))
        #expect(answer.status == 503)
        #expect(answer.field("Retry-After") == "5")
        #expect(answer.field("X-Queue-Position") == "1")
        first.abort()
        try scene.close()
    }

    @Test("[mission N14] limits change while the peer runs, from the command line and the menu, and are kept")
    func limits() throws {
        let scene = try PeerScene(["song.bin": Self.song], ["--log-file", "/dev/stderr"])
        func run(_ words: String...) throws -> String {
            let result = try PeerFixture.run(words + ["--dir", scene.peer.folder], in: scene.peer.folder)
            #expect(result.code == 0, "\(result.complaints)")
            return result.text
        }
        #expect(try run("limits").contains("upload    no limit for all uploads\n"))
        let fast = try Self.asker(scene)
        try Self.wait(scene, active: 1, waiting: 0)
        #expect(
            try run("limits", "--upload", "64K", "--json") == #"{"upload":65536,"perPeer":null,"download":null}"# + "\n"
        )
        try scene.peer.process.expect("upload=65536", onError: true)
        // The socket holds what was sent before; from then on it is a trickle.
        let start = try scene.peer.metric("rookery_peer_sent_bytes_total")
        let reader = try Self.asker(scene)
        #expect(reader.bytes(atLeast: 300_000, within: 1) == nil)
        #expect(try scene.peer.metric("rookery_peer_sent_bytes_total") - start < 8 << 20)
        #expect(try run("limits", "--upload", "off").contains("upload    no limit"))
        #expect(reader.bytes(atLeast: Self.song.count) != nil)
        fast.abort()
        reader.close()
        #expect(try run("limits", "--download", "1M").contains("download  1.0 MiB/s for all downloads\n"))
        try scene.peer.stop()
        let again = try PeerFixture.menu(at: scene.index, in: scene.peer.folder)
        #expect(try again.answer(to: "limits").contains("download  1.0 MiB/s for all downloads\n"))
        #expect(
            try again.answer(to: "limits per-peer 2M download default").hasSuffix(
                "download  no limit for all downloads\n"))
        #expect(try again.answer(to: "favourites add ada") == "ada\n")
        #expect(try run("favourites", "list") == "ada\n")
        #expect(try again.answer(to: "favourites remove ada") == "nobody is served first\n")
        try again.stop()
        try scene.index.stop()
    }

    @Test("[mission N14] a favourite is served before those who have waited for longer")
    func favourites() throws {
        let scratch = try ScratchFolder()
        let text = #"{"peer": {"uploadSlots": 1, "favourites": ["127.0.0.7"]}}"#
        let scene = try PeerScene(
            ["song.bin": Self.song], ["--config", scratch.write("config.json", Bytes(text.utf8))])
        let first = try Self.asker(scene)
        try Self.wait(scene, active: 1, waiting: 0)
        let second = try Self.asker(scene)
        try Self.wait(scene, active: 1, waiting: 1)
        let favourite = try Self.asker(scene, from: "127.0.0.7")
        try Self.wait(scene, active: 1, waiting: 2)
        first.abort()
        #expect(try #require(favourite.bytes(atLeast: 1_000)).starts(with: Bytes("HTTP/1.1 200".utf8)))
        favourite.abort()
        second.abort()
        try scene.close()
    }
}
