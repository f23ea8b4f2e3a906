import P2PProtocol
import TestSupport
import Testing

/// Lists that are applied in steps, over the wire.
@Suite struct IndexLongListTests {
    private static let names = (0..<5_000).map { "song \($0).mp3" }

    private static func total(_ line: String, _ client: WireClient) throws -> Int? {
        try client.ask(line)[0]?.integer
    }

    @Test("a long list is all there when REG, UPD ADD and UPD DEL are answered, whatever is sent behind them")
    func longLists() throws {
        try IndexFixture.run { index in
            let client = try index.client()
            let words = ["REG", "*", "*", "9001", "NAMES"] + Self.names
            client.send(WireClient.array(words.map { Bytes($0.utf8) }) + Bytes("SEARCH song\nPING after\n".utf8))
            #expect(try client.reply()["files"]?.integer == Self.names.count)
            #expect(try client.reply()[0]?.integer == Self.names.count)
            #expect(try client.reply().text.contains("after"))
            let more = (0..<3_000).map { "more \($0)" } + ["song 1.mp3"]
            #expect(try client.command(["UPD", "ADD", "NAMES"] + more).integer == 3_000)
            #expect(try Self.total("SEARCH more", client) == 3_000)
            #expect(try client.command(["UPD", "DEL"] + more).integer == 3_001)
            #expect(try Self.total("SEARCH *", client) == Self.names.count - 1)
            #expect(try client.command(["REG", "*", "*", "9001", "NAMES"] + more)["files"]?.integer == more.count)
            #expect(try Self.total("SEARCH *", client) == more.count)
        }
    }

    @Test("a connection that is lost in the middle of a long list leaves nothing behind")
    func losing() throws {
        try IndexFixture.run { index in
            for words in [["REG", "*", "*", "9001", "NAMES"], ["UPD", "ADD", "NAMES"]] {
                let client = try index.client()
                _ = try client.ask("REG * * 9001 NAMES x")
                client.send(WireClient.array((words + Self.names).map { Bytes($0.utf8) }))
                client.abort()
                try index.wait(for: "PEERS") { $0.array?.isEmpty == true }
                try index.wait(for: "SEARCH *") { $0[0]?.integer == 0 }
            }
        }
    }

    @Test("a list that is too long for the index is refused whole, and the old one stays")
    func refusal() throws {
        try IndexFixture.run { index in
            let client = try index.client()
            _ = try client.ask("CONFIG SET index.limits.files 4000")
            _ = try client.ask("REG * * 9001 NAMES x")
            #expect(try client.command(["UPD", "ADD", "NAMES"] + Self.names).text.contains("ERR"))
            #expect(try client.command(["REG", "*", "*", "9001", "NAMES"] + Self.names).text.contains("ERR"))
            #expect(try Self.total("SEARCH *", client) == 1)
        }
    }

    @Test("what is left of a long list is found after the rest was compacted away")
    func compaction() throws {
        try IndexFixture.run(["--log-level", "debug"]) { index in
            let stays = try index.sharer(Array(Self.names[..<100]))
            let files = Self.names.flatMap { ["leaves " + $0, "5", "-"] }
            let leaves = try index.client()
            _ = try leaves.command(["REG", "*", "*", "9002", "FILES"] + files)
            leaves.close()
            try index.process.expect("index.compacted", onError: true)
            #expect(try Self.total("SEARCH song", stays) == 100)
        }
    }
}
