import Glibc
import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

/// The service behind a real listener.
@Suite struct ServedPeerTests {
    private static func listener(_ fixture: ServingFixture, on group: LoopGroup) throws -> Listener {
        let listener = try Listener(on: Endpoint(address: .loopback, port: 0), group: group)
        let server = HTTPServer(disk: fixture.disk, service: fixture.service.answer)
        listener.serve { await server.serve($0) }
        return listener
    }

    /// Fetches a content whole; called on the loop.
    private static func fetch(_ root: Digest, from endpoint: Endpoint, on loop: EventLoop) async throws -> Bytes {
        let deadline = Moment.now + .seconds(20)
        var client = try await HTTPClient(to: endpoint, on: loop, until: deadline)
        let request = RequestHead(.get, PeerRoute.content(root, name: nil).target, host: Bytes("peer".utf8))
        let head = try await client.ask(request, until: deadline)
        return try await client.readBody(head.contentLength ?? 0, until: deadline)
    }

    @Test("[mission N6] a peer serves and fetches at the same time")
    func bothWays() async throws {
        let group = try LoopGroup(count: 2)
        defer { group.stop() }
        let contents = [noise(3_000_000, seed: 5), noise(4_000_001, seed: 6)]
        let peers = [try ServingFixture(), try ServingFixture()]
        for (peer, content) in zip(peers, contents) { try await peer.share(["file": content]) }
        let listeners = try peers.map { try Self.listener($0, on: group) }
        // Each side fetches what the other has, on its own loop.
        let fetches = (0..<2).map { side in
            let (endpoint, loop) = (listeners[1 - side].endpoint, group.loops[side])
            let wanted = root(of: contents[1 - side])
            return Task(executorPreference: loop) { try await Self.fetch(wanted, from: endpoint, on: loop) }
        }
        #expect(try await fetches[0].value == contents[1])
        #expect(try await fetches[1].value == contents[0])
        #expect(peers.map(\.metrics.sentBytes.value) == contents.map(\.count))
    }

    @Test("[attack A56] a file that shrinks while it is sent ends the connection early, without padding")
    func truncated() async throws {
        let group = try LoopGroup(count: 1)
        defer { group.stop() }
        let fixture = try ServingFixture()
        let path = try fixture.files.write("large", "")
        // More than sockets hold, so that most of it is still to be read when the file shrinks. Its root is a claim.
        let (size, rest) = (512 << 20, 1 << 20)
        #expect(truncate(path, size) == 0)
        let claimed = root(of: Bytes("claimed".utf8))
        #expect(try fixture.library.add(Bytes("large".utf8), folder: 0, root: claimed) != nil)
        let (endpoint, loop) = (try Self.listener(fixture, on: group).endpoint, group.loops[0])
        let received = try await Task(executorPreference: loop) {
            let stream = try await Stream.connect(to: endpoint, on: loop, until: .now + .seconds(20))
            defer { stream.close() }
            let request = RequestHead(.get, PeerRoute.content(claimed, name: nil).target, host: Bytes("peer".utf8))
            try await stream.write(request.bytes, until: .now + .seconds(20))
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
            defer { buffer.deallocate() }
            var received = try await stream.read(into: buffer, until: .now + .seconds(20))
            truncate(path, rest)
            while true {
                let count = try await stream.read(into: buffer, until: .now + .seconds(20))
                guard count > 0 else { return received }
                received += count
            }
        }.value
        #expect(received > 0 && received < size)
        #expect(try await fixture.ask("GET /content/\(claimed)").status == 404)
    }
}
