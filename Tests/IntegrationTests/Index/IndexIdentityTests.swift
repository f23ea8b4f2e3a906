import Glibc
import P2PProtocol
import TestSupport
import Testing

/// Ids, tokens, leases, and which hosts and ports may be registered.
@Suite struct IndexIdentityTests {
    @Test("[attack A32] the right token takes an id over and closes the old connection, with the reason")
    func takeOver() throws {
        try IndexFixture.run { index in
            let old = try index.client()
            let token = try Self.token(old.ask("REG * * 9001 NAMES a b"))
            let new = try index.client()
            let reply = try new.ask("REG 1 * 9002 TOKEN \(token) NAMES c")
            #expect(reply["id"]?.integer == 1)
            #expect(reply["token"]?.bytes == Bytes(token.utf8))
            #expect(try old.reply().text == "-ERR your id was taken over by a newer connection")
            #expect(old.end() == [])
            #expect(try new.ask("LIST").text == #"[1, "0", ["c"]]"#)
            #expect(try new.ask("UPD ADD NAMES d").text == "1")
        }
    }

    @Test("who registers in a loop on one connection keeps one id")
    func loop() throws {
        try IndexFixture.run { index in
            let client = try index.client()
            for _ in 0..<20 {
                #expect(try client.ask("REG * * 9001 NAMES a")["id"]?.integer == 1)
                #expect(try client.ask("RESET").text == "+RESET")
            }
            #expect(try index.client().ask("REG * * 9001 NAMES a")["id"]?.integer == 2)
        }
    }

    static let thefts = [
        ("REG 1 * 9002 TOKEN 0000", "-NOPERM REG: "), ("REG 1 * 9002 NAMES c", "-NOPERM REG: "),
        ("REG 2 * 9002", "-ERR REG: unknown id 2"), ("REG 2 * 9002 TOKEN 0000", "-ERR REG: unknown id 2"),
        ("REG 0 * 9002", "-ERR REG: id"), ("REG 9223372036854775808 * 9002", "-ERR REG: id"),
        ("REG -1 * 9002", "-ERR REG: id"), ("UPD DEL a", "-ERR UPD: not registered"),
    ]

    @Test("[attack A32] a wrong token, none, and an id that was never given are refused; the registration stays")
    func foreignToken() throws {
        try IndexFixture.run { index in
            let owner = try index.sharer(["a"])
            let thief = try index.client()
            for (line, start) in Self.thefts {
                let answer = try thief.ask(line).text
                #expect(answer.hasPrefix(start), "\(line): \(answer)")
            }
            #expect(try owner.ask("SOURCES a").text == #"[1, "0", [[1, "127.0.0.1", 9001, "m", nil]]]"#)
        }
    }

    @Test("ids and tokens outlive kill -9: none is given twice, and the token still takes its id")
    func durable() throws {
        let first = try IndexFixture()
        let clients = try (0..<5).map { _ in try first.client() }
        for client in clients { client.type("REG * * 9001 NAMES a") }
        let replies = try clients.map { try $0.reply() }
        let ids = replies.compactMap { $0["id"]?.integer }
        #expect(Set(ids) == Set(1...5))
        try first.kill()
        let second = try IndexFixture(scratch: first.scratch)
        let newcomer = try second.client()
        #expect(try newcomer.ask("LIST").text == #"[0, "0", []]"#)
        #expect(try newcomer.ask("REG * * 9001")["id"]?.integer == 6)
        let owner = try second.client()
        #expect(try owner.ask("REG \(ids[0]) * 9001 TOKEN \(Self.token(replies[0]))")["id"]?.integer == ids[0])
        #expect(try owner.ask("REG \(ids[1]) * 9001 TOKEN \(Self.token(replies[0]))").text.hasPrefix("-NOPERM"))
        try second.stop()
    }

    @Test("who takes an id over while its old connection goes, or changes its list, has the id and its own list alone")
    func takeover() throws {
        try IndexFixture.run(["--log-level", "warning"]) { index in
            var old = try index.client()
            let token = try Self.token(old.ask("REG * * 9001 NAMES a"))
            let many = (0..<1_500).map { "other \($0)" }
            for round in 0..<120 {
                let new = try index.client()
                switch round % 3 {
                case 0: old.type("QUIT")
                case 1: for number in 0..<20 { old.type("UPD ADD NAMES x\(number)") }
                default: old.send(WireClient.array((["UPD", "ADD", "NAMES"] + many).map { Bytes($0.utf8) }))
                }
                #expect(try new.ask("REG 1 * 9001 TOKEN \(token) NAMES n\(round)")["id"]?.integer == 1)
                #expect(try new.ask("CHECK n\(round)").text == #""EXIST""#)
                // What the old connection had sent has been read when it is closed.
                #expect(old.end(within: 10) != nil)
                #expect(try new.ask("PEERS")[0]?["files"]?.integer == 1, "round \(round)")
                #expect(try new.ask("UPD ADD NAMES n\(round)").text == "0")
                old = new
            }
        }
    }

    @Test("[fault F1] what a write that was killed has left behind goes at the next start")
    func drafts() throws {
        let first = try IndexFixture()
        try first.kill()
        let draft = try first.scratch.write("state/ids.new-0011", Bytes("half".utf8))
        let second = try IndexFixture(scratch: first.scratch)
        #expect(!ScratchFolder.exists(draft))
        try second.stop()
    }

    @Test("a lease ends without traffic, and any traffic renews it")
    func lease() throws {
        try IndexFixture.run { index in
            let silent = try index.client()
            #expect(try silent.ask("REG * * 9001 LEASE 1 NAMES a")["lease"]?.integer == 1)
            let talking = try index.client()
            #expect(try talking.ask("REG * * 9002 LEASE 1 NAMES b")["lease"]?.integer == 1)
            let start = TestClock.now
            // Traffic every few milliseconds, until well after both leases would have ended.
            try TestClock.wait(for: "end of the lease", within: 5) {
                _ = try talking.ask("PING")
                return TestClock.now - start > 1.6
            }
            #expect(try talking.ask("CHECK a").text == #""NOT_EXIST""#)
            #expect(try talking.ask("CHECK b").text == #""EXIST""#)
            try index.process.expect("peer.left id=1 reason=lease", onError: true)
            #expect(try silent.ask("UPD ADD NAMES c").text.hasPrefix("-ERR UPD: not registered"))
        }
    }

    @Test("[fault F28] a pause of the index itself costs no peer its entry that spoke in time")
    func pausedIndex() throws {
        try IndexFixture.run { index in
            // A run counts only if this side was not held up itself: then the leases would have ended rightly.
            var survivors: Int?
            for _ in 0..<10 where survivors == nil {
                survivors = try Self.survivors(ofPausing: index, peers: 5)
            }
            #expect(survivors == 5)
        }
    }

    /// How many of so many peers are left after a pause that is longer than their lease; nil when this process did not
    /// speak in time itself.
    private static func survivors(ofPausing index: IndexFixture, peers count: Int) throws -> Int? {
        let registering = TestClock.now
        let peers = try (0..<count).map { number in
            let peer = try index.client()
            _ = try peer.ask("REG * * \(9_001 + number) LEASE 2 NAMES a\(number)")
            return peer
        }
        index.process.signal(SIGSTOP)
        let start = TestClock.now
        var heard = registering
        var longestSilence = 0.0
        try TestClock.wait(for: "end of the pause", within: 30) {
            for peer in peers { peer.type("PING") }
            longestSilence = max(longestSilence, TestClock.now - heard)
            heard = TestClock.now
            return heard - start > 2.6
        }
        index.process.signal(SIGCONT)
        let left = try index.client().ask("PEERS").array?.count
        longestSilence = max(longestSilence, TestClock.now - heard)
        for peer in peers { peer.close() }
        return longestSilence < 1.5 ? left : nil
    }

    @Test("a second REG on a connection replaces its list and port, under the same id")
    func again() throws {
        try IndexFixture.run { index in
            let peer = try index.client()
            let token = try Self.token(peer.ask("REG * * 9001 NAMES a b"))
            let reply = try peer.ask("REG * * 9002 NAMES c")
            #expect(reply["id"]?.integer == 1)
            #expect(try Self.token(reply) == token)
            #expect(try peer.ask("SOURCES c").text == #"[1, "0", [[1, "127.0.0.1", 9002, "m", nil]]]"#)
            #expect(try peer.ask("LIST").text == #"[1, "0", ["c"]]"#)
            #expect(try peer.ask("PEERS").array?.count == 1)
        }
    }

    static let foreignHosts = [
        "0.0.0.0", "255.255.255.255", "::", "::1", "::ffff:10.0.0.1", "169.254.169.254", "224.0.0.1", "2130706433",
        "0177.1", "127.1", "localhost", "example.org", "127.0.0.2", "127.0.0.99", "127.0.0.1 ", "127.0.0.1\r\nQUIT", "",
        String(repeating: "1", count: 300),
    ]

    @Test("[attack A29] no host but one's own is listed")
    func hosts() throws {
        try IndexFixture.run { index in
            let root = String(repeating: "ab", count: 32)
            let client = try index.client()
            for host in Self.foreignHosts {
                let answer = try client.command(["REG", "*", host, "9001", "FILES", "a", "1", root])
                #expect(answer.errorLine != nil, "\(host): \(answer.text)")
            }
            #expect(try client.ask("PEERS").text == "[]")
            #expect(try client.ask("REG * 127.0.0.1 9001")["host"]?.text == #""127.0.0.1""#)
        }
    }

    @Test("[attack A29] [mission N16] an administrator may allow other hosts")
    func allowedHosts() throws {
        let scratch = try ScratchFolder()
        let path = try scratch.write("c.json", Bytes(#"{"index": {"allowForeignHosts": true}}"#.utf8))
        let index = try IndexFixture(["--config", path], scratch: scratch)
        let client = try index.client()
        #expect(try client.ask("REG * 10.1.2.3 9001 NAMES a")["host"]?.text == #""10.1.2.3""#)
        for host in ["0.0.0.0", "localhost", "::", "224.0.0.1", "255.255.255.255", "169.254.169.254"] {
            #expect(try client.ask("REG * \(host) 9001").errorLine != nil, "\(host)")
        }
        client.close()
        try index.stop()
    }

    static let refusedPorts = [
        "0", "1", "22", "25", "53", "80", "443", "1023", "6379", "65536", "-1", "80 ", "9001 ", "", "0x2329", "９００１",
        "18446744073709551616",
    ]

    @Test("[attack A30] privileged ports, those of well-known services and what is no port are refused")
    func ports() throws {
        try IndexFixture.run { index in
            let client = try index.client()
            for port in Self.refusedPorts {
                let answer = try client.command(["REG", "*", "*", port, "NAMES", "a"]).text
                #expect(answer.hasPrefix("-ERR REG: port"), "\(port): \(answer)")
            }
            #expect(try client.ask("REG * * 1024 NAMES a")["port"]?.integer == 1_024)
        }
    }

    private static func token(_ reply: Reply) throws -> String {
        guard let token = reply["token"]?.bytes else { throw TestFailure("no token in \(reply.text)") }
        return String(decoding: token, as: UTF8.self)
    }
}
