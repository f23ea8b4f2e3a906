import P2PProtocol
import TestSupport
import Testing

/// What one user may take up. The limits per address count for this machine only when told so.
@Suite struct IndexLimitTests {
    private static let root = String(repeating: "5a", count: 32)

    @Test("[attack A14] a peer that lists more than it may is refused with the limit; what it has stays")
    func files() throws {
        try Self.run(#""filesPerPeer": 100, "files": 150"#) { index in
            let first = try index.sharer((0..<100).map { "a\($0)" })
            #expect(try first.ask("UPD ADD NAMES more").text.hasPrefix("-ERR UPD: "))
            let again = try first.command(["REG", "*", "*", "9009", "NAMES"] + (0..<101).map { "c\($0)" })
            #expect(again.text.hasPrefix("-ERR REG: "))
            #expect(again.text.contains("100"))
            let second = try index.client()
            #expect(
                try second.command(["REG", "*", "*", "9002", "NAMES"] + (0..<51).map { "b\($0)" }).errorLine != nil)
            #expect(try first.ask("LIST")[0]?.integer == 100)
            #expect(try second.ask("PEERS").array?.count == 1)
            #expect(try first.ask("PEERS")[0]?["port"]?.integer == 9_001)
            #expect(try first.ask("UPD DEL a0 a1 nosuch").text == "2")
            #expect(try first.ask("UPD ADD NAMES more a2").text == "1")
        }
    }

    @Test("[attack A9] an address has so many connections and no more; one that ends makes room")
    func connections() throws {
        try Self.run(#""connectionsPerAddress": 2, "countLoopback": true"#) { index in
            let first = try index.client()
            let second = try index.client()
            #expect(try first.ask("PING").text == "+PONG")
            #expect(try second.ask("PING").text == "+PONG")
            #expect(try index.client().reply().text == "-ERR max number of clients reached")
            let elsewhere = try index.client(from: "127.0.0.2")
            #expect(try elsewhere.ask("PING").text == "+PONG")
            _ = try second.ask("QUIT")
            try TestClock.wait(for: "room") { try index.client().ask("PING").text == "+PONG" }
        }
    }

    @Test("an address has so many registered peers and no more; QUIT makes room")
    func registrations() throws {
        try Self.run(#""registrationsPerAddress": 2, "countLoopback": true"#) { index in
            let first = try index.sharer(["a"], port: 9_001)
            let second = try index.sharer(["b"], port: 9_002)
            let third = try index.client()
            #expect(try third.ask("REG * * 9003").text.hasPrefix("-ERR REG: "))
            #expect(try second.ask("REG * * 9004 NAMES c")["id"]?.integer == 2)
            #expect(try first.ask("RESET").text == "+RESET")
            #expect(try third.ask("REG * * 9003")["port"]?.integer == 9_003)
            #expect(try third.ask("PEERS").array?.count == 2)
        }
    }

    @Test("[attack A31] the index is no port scanner: so many proofs a minute of one host, the rest wait")
    func probes() throws {
        try Self.run(#""probesPerHost": 2, "countLoopback": true"#) { index in
            let ports = try (0..<4).map { _ in try ProofPort() }
            let peers = try ports.map { port in
                let peer = try index.client()
                return (peer, try peer.ask("REG * * \(port.port) FILES a 1 \(Self.root)")["token"]?.bytes ?? [])
            }
            for (port, peer) in zip(ports, peers).prefix(2) { try port.prove(peer.1) }
            try index.wait(for: "SOURCES \(Self.root)") { $0[0]?.integer == 2 }
            #expect(!ports[2].isCalled(within: 0.3))
            #expect(!ports[3].isCalled())
            #expect(try peers[3].0.ask("PEERS")[3]?["reachable"]?.isNull == true)
        }
    }

    @Test("a lease is never longer than the index allows, and the reply says how long it is")
    func lease() throws {
        try Self.run(#""lease": 60"#) { index in
            let client = try index.client()
            #expect(try client.ask("REG * * 9001 LEASE 30")["lease"]?.integer == 30)
            #expect(try client.ask("REG * * 9001 LEASE 61")["lease"]?.integer == 60)
            #expect(try client.ask("REG * * 9001")["lease"]?.isNull == true)
        }
    }

    @Test("silence is for ever unless limited; then it ends who is not registered, whatever they have begun")
    func silence() throws {
        try Self.run(#""idle": 1"#) { index in
            let beginnings = ["", "P", "*3\r\n$4\r\nEC", "PING\r\n", "GET / HT"]
            let silent = try beginnings.map { beginning in
                let client = try index.client()
                client.send(Bytes(beginning.utf8))
                return client
            }
            let peer = try index.sharer(["a"])
            let listener = try index.client()
            _ = try listener.ask("SUBSCRIBE peers")
            for (client, beginning) in zip(silent, beginnings) {
                #expect(client.end(within: 5) != nil, "\(beginning)")
            }
            #expect(try peer.ask("PING").text == "+PONG")
            #expect(try listener.ask("PING").text == #"["pong", ""]"#)
        }
    }

    private static func run(_ limits: String, _ body: (IndexFixture) throws -> Void) throws {
        let scratch = try ScratchFolder()
        let path = try scratch.write("c.json", Bytes("{\"index\": {\"limits\": {\(limits)}}}".utf8))
        try IndexFixture.run(["--config", path], body)
    }
}
