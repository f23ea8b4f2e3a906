import P2PProtocol
import TestSupport
import Testing

/// Questions and names that are meant to be costly. Another client must go on getting its answers.
@Suite struct IndexQueryAttackTests {
    @Test("[attack A16] a query of up to 2,048 bytes is answered, a longer one refused")
    func longQuery() throws {
        try IndexFixture.runBesideCanary { index, _ in
            let sharer = try index.sharer((0..<100).map { String(repeating: "a", count: 100) + "b\($0)" })
            for count in [256, 2_048, 2_049, 4_096, 60_000] {
                let query = String(repeating: "a", count: count)
                for words in [
                    ["SEARCH", query], ["LIST", query], ["CHECK", query], ["SEARCH", "*" + query.dropFirst()],
                ] {
                    let reply = try sharer.command(words)
                    #expect(
                        (reply.errorLine == nil) == (count <= 2_048), "\(words[0]) \(count): \(reply.text.prefix(99))")
                }
            }
        }
    }

    static let twists = [
        "*a*a*a*a*a*b", "a* a* a* a* a* a* a* a* a*", "a", "*", "-a", "\"a a a a a a a a a a a a b\"",
        (0..<33).map { "t\($0)" }.joined(separator: " "), "size:>0 size:<1 size:1..2", "peer:99999999999999999999",
        "root:00", "ext:,,,,", "name:", "\"", "--", "**", "\u{202E}", "\u{301}\u{301}",
    ]

    @Test("[attack A16] wildcards, phrases and terms without end cost no more than others")
    func twistedQueries() throws {
        try IndexFixture.runBesideCanary { index, _ in
            let sharer = try index.sharer((0..<2_000).map { String(repeating: "a", count: 50) + " \($0) a a a" })
            for query in Self.twists {
                let start = TestClock.now
                _ = try sharer.command(["SEARCH", query])
                #expect(TestClock.now - start < 2, "\(query)")
            }
            #expect(try sharer.ask("PING").text == "+PONG")
        }
    }

    @Test("[attack A17] a search for everything is a page and a cursor; the pages hold everything once")
    func everything() throws {
        try IndexFixture.runBesideCanary { index, _ in
            let peer = try index.sharer((0..<5_000).map { "song \($0)" })
            let page = try peer.ask("SEARCH song")
            #expect(page[0]?.integer == 5_000)
            #expect(page[2]?.array?.count == 50)
            #expect(try peer.ask("SEARCH * LIMIT 1001").errorLine != nil)
            for command in ["SEARCH song", "SEARCH *", "LIST", "BROWSE 1"] {
                #expect(try Self.walk(command, peer).count == 5_000, "\(command)")
            }
        }
    }

    @Test("[attack A17] a long list is opened in steps, by many at once, and shows each change")
    func longList() throws {
        try IndexFixture.runBesideCanary { index, _ in
            let sharer = try index.sharer(["music/album 0/first"])
            for part in 0..<6 {
                let names = (0..<5_000).map { "music/album \($0 / 10)/song \(part) \($0)" }
                #expect(try sharer.command(["UPD", "ADD", "NAMES"] + names).integer == 5_000)
            }
            let readers = try (0..<8).map { _ in try index.client() }
            for round in 0..<2 {
                for reader in readers { reader.type("BROWSE 1 PATH music LIMIT 1\r\nBROWSE 1\r\nPING\r\n") }
                for reader in readers {
                    let page = try reader.reply()
                    #expect(page[0]?.integer == 500 + round)
                    #expect(page[2]?[0]?["name"]?.text == (round == 0 ? "\"album 0/\"" : "\"album\""))
                    #expect(try reader.reply()[0]?.integer == 1)
                    #expect(try reader.reply().text == "+PONG")
                }
                _ = try sharer.command(["UPD", "ADD", "NAMES", "music/album"])
            }
            sharer.close()
            try index.wait(for: "BROWSE 1") { $0.errorLine != nil }
        }
    }

    @Test("[attack A19] a name of thirty thousand combining marks is refused by its length, quickly")
    func combiningMarks() throws {
        try IndexFixture.runBesideCanary { index, _ in
            let client = try index.client()
            let marks = String(repeating: "\u{301}\u{327}", count: 15_000)
            let start = TestClock.now
            for _ in 0..<50 {
                let answer = try client.command(["REG", "*", "*", "9001", "NAMES", "base" + marks]).text
                #expect(answer.hasPrefix("-ERR REG: "), "\(answer.prefix(100))")
            }
            #expect(try client.command(["SEARCH", "base" + marks]).errorLine != nil)
            // Marks that fit are folded in time that grows with their number, not with its square.
            let fitting = "base" + String(repeating: "\u{301}\u{327}", count: 250)
            for _ in 0..<50 { _ = try client.command(["CHECK", fitting]) }
            #expect(TestClock.now - start < 5)
        }
    }

    // MARK: -

    /// What all pages of a command hold.
    private static func walk(_ command: String, _ client: WireClient) throws -> Set<String> {
        var (found, cursor): (Set<String>, String) = ([], "0")
        for _ in 0..<10 {
            let reply = try client.ask("\(command) LIMIT 1000 CURSOR \(cursor)")
            for entry in reply[2]?.array ?? [] { found.insert((entry["name"] ?? entry).text) }
            cursor = String(decoding: reply[1]?.bytes ?? [], as: UTF8.self)
            if cursor == "0" { return found }
        }
        throw TestFailure("\(command): too many pages")
    }
}
