import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

@Suite struct SavedServersTests {
    private let scratch: ScratchFolder
    private let saved: SavedServers
    private let one = ServerAddress(host: "one", port: 1)
    private let pin = SHA256.hash(Bytes("certificate".utf8))

    init() throws {
        scratch = try ScratchFolder()
        saved = SavedServers(file: Bytes(scratch.file("servers").utf8))
    }

    @Test("[mission T2] what is added is there again, with its certificate; twice the same is refused")
    func added() throws {
        let other = ServerAddress(host: "other", port: 2, pin: pin)
        #expect(try saved.add(other, to: [one]) == [one, other])
        #expect(saved.servers.map(\.text) == [one.text, other.text])
        for again in [other, ServerAddress(host: "other", port: 2)] {
            #expect(throws: SavedServers.Obstacle.known) { try saved.add(again, to: [one, other]) }
        }
    }

    @Test("a server that has another certificate now is known by that one, in its place")
    func renewed() throws {
        let (known, two) = (ServerAddress(host: "one", port: 1, pin: pin), ServerAddress(host: "two", port: 2))
        let renewed = ServerAddress(host: "one", port: 1, pin: SHA256.hash([]))
        #expect(try saved.add(renewed, to: [known, two]).map(\.text) == [renewed.text, two.text])
        #expect(try saved.add(known, to: [one, two]).map(\.text) == [known.text, two.text])
        #expect(saved.servers.map(\.pin) == [pin, nil])
    }

    @Test("[mission T2] what is removed is gone; the last one stays")
    func removed() throws {
        let other = ServerAddress(host: "other", port: 2)
        #expect(try saved.remove(one, from: [one, other]) == [other])
        #expect(throws: SavedServers.Obstacle.last) { try saved.remove(other, from: [other]) }
        #expect(throws: SavedServers.Obstacle.unknown) { try saved.remove(one, from: [other]) }
        #expect(saved.servers == [other])
    }
}
