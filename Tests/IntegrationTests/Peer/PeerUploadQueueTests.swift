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
    private static func asker(_ scene: PeerScene) throws -> WireClient {
        let client = try WireClient(port: scene.peer.port, receiveBuffer: 4_096)
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
}
