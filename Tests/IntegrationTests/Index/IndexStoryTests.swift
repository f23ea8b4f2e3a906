import P2PProtocol
import TestSupport
import Testing

/// The seed's story: what a person types into `nc`, and what the server shows meanwhile.
@Suite struct IndexStoryTests {
    @Test("[mission N1] [mission N11] the dictionary is printed after each change, with the active connections")
    func dictionary() throws {
        try IndexFixture.run(["--print-dictionary"]) { index in
            let first = try index.client()
            first.type("REG * * 9001 NAMES 162 195")
            try index.process.expect(
                "dictionary: 1 peer, 1 active connection\n  (1, 127.0.0.1, 9001): ['162', '195']\n")
            let second = try index.client()
            second.type("REG * * 9002 NAMES 200")
            try index.process.expect(
                "dictionary: 2 peers, 2 active connections\n"
                    + "  (1, 127.0.0.1, 9001): ['162', '195']\n  (2, 127.0.0.1, 9002): ['200']\n")
            second.type("UPD ADD NAMES 201")
            try index.process.expect("  (2, 127.0.0.1, 9002): ['200', '201']\n")
            second.type("UPD GOT 195 FROM 1 MOVE")
            try index.process.expect(
                "  (1, 127.0.0.1, 9001): ['162']\n  (2, 127.0.0.1, 9002): ['195', '200', '201']\n")
            first.type("QUIT")
            try index.process.expect(
                "dictionary: 1 peer, 1 active connection\n  (2, 127.0.0.1, 9002): ['195', '200', '201']\n")
        }
    }

    @Test("[mission N11] twenty names of a peer are printed, then how many more; none reaches a terminal raw")
    func longDictionary() throws {
        try IndexFixture.run(["--print-dictionary"]) { index in
            let names = ["\u{1B}[2Jevil"] + (10..<34).map { "\($0)" }
            let sharer = try index.sharer(names)
            try index.process.expect("'28'] … and 5 more\n")
            #expect(!index.process.printed.contains(0x1B))
            sharer.close()
        }
    }

    @Test("[mission N2] REG gives the next integer id, and a map that says everything about it")
    func register() throws {
        try IndexFixture.run { index in
            let first = try index.client()
            let reply = try first.ask("REG * * 9001 NAMES 162 195")
            #expect(reply.array?.count == 16)
            #expect(reply["id"]?.text == "1")
            #expect(reply["host"]?.text == "\"127.0.0.1\"")
            #expect(reply["port"]?.text == "9001")
            #expect(reply["lease"]?.text == "nil")
            #expect(reply["files"]?.text == "2")
            #expect(reply["token"]?.bytes.flatMap { Digest(hex: $0) } != nil)
            #expect(reply["key"]?.text == "nil")
            #expect(reply["time"]?.integer ?? 0 > 1_700_000_000_000)
            for id in 2...5 {
                let next = try index.client()
                #expect(try next.ask("REG * * \(9_000 + id)")["id"]?.integer == id)
            }
        }
    }

    @Test(
        "[mission N3] SEARCH returns every peer that has the name, with id, host and port; nothing found is an answer")
    func search() throws {
        try IndexFixture.run { index in
            let first = try index.sharer(["162", "195"], port: 9_001)
            let second = try index.sharer(["195", "200"], port: 9_002)
            let asker = try index.client()
            #expect(
                try asker.ask("SEARCH 195").text
                    == #"[1, "0", [["name", "195", "size", nil, "root", nil, "sources", "#
                    + #"[[1, "127.0.0.1", 9001, "m", nil], [2, "127.0.0.1", 9002, "m", nil]], "count", 2]]]"#)
            #expect(try asker.ask("SEARCH 999").text == #"[0, "0", []]"#)
            #expect(
                try asker.ask("SOURCES 200").text == #"[1, "0", [[2, "127.0.0.1", 9002, "m", nil]]]"#)
            withExtendedLifetime((first, second)) {}
        }
    }

    @Test(
        "[mission N4] UPD GOT: after a copy both have it, after a move it has left the giver; repeating is harmless",
        arguments: [(" COPY", "195 1,2"), ("", "195 1,2"), (" MOVE", "195 2")])
    func ownership(_ word: String, _ owners: String) throws {
        try IndexFixture.run { index in
            let giver = try index.sharer(["162", "195"], port: 9_001)
            let taker = try index.sharer([], port: 9_002)
            #expect(try taker.ask("UPD GOT 195 FROM 1\(word)").text == "1")
            #expect(try Self.owners(of: "195", taker) == owners)
            #expect(try taker.ask("UPD GOT 195 FROM 1\(word)").text == "0")
            #expect(try taker.ask("UPD GOT nosuch FROM 1\(word)").text == "0")
            #expect(try Self.owners(of: "195", taker) == owners)
            #expect(try Self.owners(of: "162", taker) == "162 1")
            withExtendedLifetime(giver) {}
        }
    }

    @Test(
        "[mission N5] QUIT: the entry disappears, the peer is told so and the server's log says so",
        arguments: [
            "QUIT", "RESET",
        ])
    func quit(_ word: String) throws {
        try IndexFixture.run { index in
            let peer = try index.sharer(["195"])
            let asker = try index.client()
            #expect(try asker.ask("CHECK 195").text == #""EXIST""#)
            #expect(try peer.ask(word).text == (word == "QUIT" ? "+OK" : "+RESET"))
            #expect(try asker.ask("CHECK 195").text == #""NOT_EXIST""#)
            #expect(try asker.ask("PEERS").text == "[]")
            try index.process.expect("peer.left id=1 reason=\(word.lowercased())", onError: true)
            if word == "QUIT" { #expect(peer.end() == []) } else { #expect(try peer.ask("PING").text == "+PONG") }
        }
    }

    @Test(
        "[mission N15] a peer that crashes loses its entry at once",
        .enabled(if: Tool.netcat.isInstalled, "nc is not installed"))
    func crash() throws {
        try IndexFixture.run { index in
            let peer = try ChildProcess(Tool.netcat.path, ["127.0.0.1", "\(index.port)"])
            peer.type("REG * * 9001 NAMES 162 195")
            try peer.expect("token")
            let asker = try index.client()
            #expect(try asker.ask("CHECK 195").text == #""EXIST""#)
            peer.signal(9)
            #expect(try peer.exitCode() == -9)
            try TestClock.wait(for: "end of the entry", within: 2) { try asker.ask("PEERS").text == "[]" }
            #expect(try asker.ask("CHECK 195").text == #""NOT_EXIST""#)
            try index.process.expect("peer.left id=1 reason=connection", onError: true)
        }
    }

    @Test("[mission A2] CHECK answers EXIST or NOT_EXIST, however a title is typed")
    func check() throws {
        let titles = [
            "I Don't Like You Anymore": true, "i don't like you ANYMORE.mp3": true, "Calm Sea": true, "calm": false,
            "Sea": false, "nosuch": false, "Café": true, "CAFE": true,
        ]
        try IndexFixture.run { index in
            let peer = try index.sharer(["I Don't Like You Anymore.mp3", "Music/Calm Sea.flac", "cafe\u{301}"])
            for (title, isThere) in titles {
                let expected = isThere ? #""EXIST""# : #""NOT_EXIST""#
                #expect(try peer.ask("CHECK \(title)").text == expected, "\(title)")
                #expect(try peer.command(["CHECK", title]).text == expected, "\(title)")
            }
        }
    }

    @Test("[mission L3] LIST gives every distinct name once, page by page")
    func list() throws {
        try IndexFixture.run { index in
            let first = try index.sharer(["b", "a", "c"], port: 9_001)
            let second = try index.sharer(["c", "d"], port: 9_002)
            var (names, cursor) = ([String](), "0")
            repeat {
                let reply = try first.ask("LIST LIMIT 2 CURSOR \(cursor)")
                #expect(reply[0]?.integer == 4)
                names += (reply[2]?.array ?? []).map(\.text)
                cursor = String(decoding: reply[1]?.bytes ?? [], as: UTF8.self)
            } while cursor != "0" && names.count < 10
            #expect(names.sorted() == [#""a""#, #""b""#, #""c""#, #""d""#])
            #expect(try second.ask("LIST d").text == #"[1, "0", ["d"]]"#)
        }
    }

    @Test("[mission A6] [mission T7] two hundred clients at once, each with many requests, get their own answers")
    func manyClients() throws {
        try IndexFixture.run { index in
            let clients = try (0..<200).map { _ in try index.client() }
            for (number, client) in clients.enumerated() {
                client.type("REG * * \(10_000 + number) NAMES own\(number) shared")
                for word in 0..<5 { client.type("ECHO \(number)-\(word)\nCHECK own\(number)") }
            }
            var ids: Set<Int> = []
            for (number, client) in clients.enumerated() {
                ids.insert(try client.reply()["id"]?.integer ?? 0)
                for word in 0..<5 {
                    #expect(try client.reply().text == "\"\(number)-\(word)\"")
                    #expect(try client.reply().text == #""EXIST""#)
                }
            }
            #expect(ids == Set(1...200))
            #expect(try clients[0].ask("SOURCES shared")[0]?.integer == 200)
        }
    }

    private static func owners(of name: String, _ client: WireClient) throws -> String {
        let sources = try client.ask("SOURCES \(name)")[2]?.array ?? []
        return "\(name) " + sources.compactMap { $0[0]?.text }.joined(separator: ",")
    }
}
