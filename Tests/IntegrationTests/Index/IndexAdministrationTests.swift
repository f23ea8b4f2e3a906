import P2PProtocol
import TestSupport
import Testing

/// CONFIG, CLIENT LIST and KICK, as an administrator uses them.
@Suite struct IndexAdministrationTests {
    @Test("CONFIG GET knows every setting; CONFIG SET changes those that can change, all of them or none")
    func config() throws {
        try IndexFixture.run { index in
            let client = try index.client()
            #expect(try client.ask("CONFIG GET index.limits.filesPerPeer").array?[1].bytes == Bytes("5000000".utf8))
            #expect(try client.ask("CONFIG GET index.*").array?.count ?? 0 >= 40)
            let wrong = try client.ask("CONFIG SET index.limits.filesPerPeer 2 index.limits.files none")
            #expect(wrong.text.hasPrefix("-ERR CONFIG SET: index.limits.files: expected a number"))
            #expect(try client.ask("REG * * 9001 NAMES a b c")["files"]?.integer == 3)
            #expect(try client.ask("CONFIG SET index.limits.filesPerPeer 2 index.logLevel debug").text == "+OK")
            #expect(try client.ask("REG * * 9001 NAMES a b c").text == "-ERR REG: more than 2 files from one peer")
            #expect(try client.ask("CONFIG GET index.limits.filesPerPeer").array?[1].bytes == Bytes("2".utf8))
            let passing = try index.client()
            #expect(try passing.ask("QUIT").text == "+OK")
            try index.process.expect("debug connection.opened", onError: true)
            try TestClock.wait(for: "one client") { try client.ask("INFO").text.contains("connected_clients:1\r\n") }
            #expect(try client.ask("CONFIG SET index.port 1").text.hasPrefix("-ERR CONFIG SET: 'index.port'"))
            #expect(try client.ask("CONFIG SET maxclients 2").text == "+OK")
            let second = try index.client()
            #expect(try second.ask("PING").text == "+PONG")
            #expect(try index.client().ask("PING").text == "-ERR max number of clients reached")
        }
    }

    @Test("[mission F8] CLIENT LIST has a line for each connection, with Redis's names")
    func clients() throws {
        try IndexFixture.run { index in
            let client = try index.client()
            let other = try index.client()
            #expect(try other.ask("CLIENT SETNAME other").text == "+OK")
            let lines = String(decoding: try client.ask("CLIENT LIST").bytes ?? [], as: UTF8.self).split(
                separator: "\n")
            #expect(lines.count == 2)
            let line = try #require(lines.first { $0.contains(" name=other ") })
            let fields = line.split(separator: " ").map { $0.prefix { $0 != "=" } }
            #expect(
                fields == [
                    "id", "addr", "laddr", "fd", "name", "age", "idle", "flags", "db", "user", "lib-name", "lib-ver",
                ])
            #expect(line.contains(" laddr=127.0.0.1:\(index.port) "))
        }
    }

    @Test("KICK closes a peer's connection, which is told so, and its entry goes")
    func kick() throws {
        try IndexFixture.run { index in
            let peer = try index.sharer(["a"])
            let administrator = try index.client()
            #expect(try administrator.ask("KICK 2").text == "-ERR KICK: no peer with id 2 is here")
            #expect(try administrator.ask("KICK 1").text == "+OK")
            #expect(String(decoding: peer.end() ?? [], as: UTF8.self).contains("an administrator closed"))
            try index.wait(for: "PEERS") { $0.array?.isEmpty == true }
        }
    }
}
