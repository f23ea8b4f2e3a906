import P2PProtocol
import TestSupport
import Testing

/// JSON under `/api/v1/`.
@Suite struct IndexAPITests {
    /// One answer: its head as text, and the document behind it.
    struct Answer {
        let head: String
        let body: Bytes
        var json: JSON { (try? JSON.parse(body)) ?? .null }
        var status: Int { Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0 }
    }

    static func ask(
        _ index: IndexFixture, _ target: String, method: String = "GET", host: String = "127.0.0.1"
    ) throws -> Answer {
        let client = try index.client()
        client.send(Bytes("\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n".utf8))
        guard let bytes = client.end(within: 20) else { throw TestFailure("not closed") }
        guard let blank = bytes.indices.first(where: { bytes[$0...].starts(with: Bytes("\r\n\r\n".utf8)) }) else {
            throw TestFailure("no head")
        }
        return Answer(head: String(decoding: bytes[..<blank], as: UTF8.self), body: Bytes(bytes[(blank + 4)...]))
    }

    private static func names(_ answer: Answer, _ list: StaticString) -> [String] {
        (answer.json[list]?.array ?? []).map { String(decoding: $0["name"]?.string ?? [], as: UTF8.self) }
    }

    @Test("search, peers, browse and stats say what SEARCH, PEERS, BROWSE and INFO say")
    func answers() throws {
        try IndexFixture.run(["--name", "songs"]) { index in
            let peer = try index.sharer(["music/Calm Sea.mp3", "music/storm.mp3", "read me"])
            let found = try Self.ask(index, "/api/v1/search?q=calm+sea")
            #expect(found.status == 200)
            #expect(found.json["total"]?.integer == 1 && found.json["next"]?.string == Bytes("0".utf8))
            #expect(Self.names(found, "hits") == ["music/Calm Sea.mp3"])
            let hit = found.json["hits"]?.array?.first
            #expect(hit?["count"]?.integer == 1 && hit?["size"] == .null && hit?["root"] == .null)
            let source = hit?["sources"]?.array?.first
            #expect(source?["id"]?.integer == 1 && source?["port"]?.integer == 9_001)
            #expect(source?["host"]?.string == Bytes("127.0.0.1".utf8) && source?["flags"]?.string == Bytes("m".utf8))
            let peers = try Self.ask(index, "/api/v1/peers")
            #expect(peers.json["total"]?.integer == 1)
            #expect(peers.json["peers"]?.array?.first?["files"]?.integer == 3)
            let top = try Self.ask(index, "/api/v1/browse?id=1")
            #expect(Self.names(top, "entries") == ["music/", "read me"])
            let folder = try Self.ask(index, "/api/v1/browse?id=1&path=music/&limit=1")
            #expect(Self.names(folder, "entries") == ["Calm Sea.mp3"] && folder.json["total"]?.integer == 2)
            let cursor = String(decoding: folder.json["next"]?.string ?? [], as: UTF8.self)
            let rest = try Self.ask(index, "/api/v1/browse?id=1&path=music&limit=1&cursor=\(cursor)")
            #expect(Self.names(rest, "entries") == ["storm.mp3"])
            let stats = try Self.ask(index, "/api/v1/stats")
            #expect(stats.json["peers"]?.integer == 1 && stats.json["entries"]?.integer == 3)
            #expect(stats.json["name"]?.string == Bytes("songs".utf8))
            withExtendedLifetime(peer) {}
        }
    }

    @Test("the pages of a search hold every content once")
    func pages() throws {
        try IndexFixture.run { index in
            let peer = try index.sharer((0..<1_200).map { "common \($0)" })
            var (all, cursor): ([String], String) = ([], "")
            repeat {
                let page = try Self.ask(index, "/api/v1/search?q=common&limit=500&cursor=\(cursor)")
                #expect(page.json["total"]?.integer == 1_200)
                all += Self.names(page, "hits")
                cursor = String(decoding: page.json["next"]?.string ?? [], as: UTF8.self)
            } while cursor != "0" && all.count < 2_000
            #expect(all.count == 1_200 && Set(all).count == 1_200)
            withExtendedLifetime(peer) {}
        }
    }

    @Test("a name that is no UTF-8 has its bytes beside it, and no name can end the string it stands in [attack A75]")
    func hostileNames() throws {
        try IndexFixture.run { index in
            let peer = try index.client()
            let names = [Bytes("caf".utf8) + [0xE9], Bytes("\"},<script>\u{202E}".utf8), [1, 2]]
            peer.send(WireClient.array(["REG", "*", "*", "9001", "NAMES"].map { Bytes($0.utf8) } + names))
            #expect(try peer.reply()["id"]?.integer == 1)
            let answer = try Self.ask(index, "/api/v1/search?q=*")
            let hits = answer.json["hits"]?.array ?? []
            #expect(hits.count == 3)
            #expect(Set(hits.compactMap { $0.name() }) == Set(names))
            #expect(!answer.body.contains(UInt8(ascii: "<")) && !answer.body.contains(1))
            let head = answer.head.lowercased()
            #expect(head.contains("x-content-type-options: nosniff") && head.contains("content-type: application/json"))
            #expect(!head.contains("access-control"))
        }
    }

    static let failures: [(String, String, Int)] = [
        ("GET", "/api/v1/search", 400), ("GET", "/api/v1/search?q=", 400), ("GET", "/api/v1/search?q=%zz", 400),
        ("GET", "/api/v1/search?q=-only", 400), ("GET", "/api/v1/search?q=a&limit=0", 400),
        ("GET", "/api/v1/search?q=a&limit=1001", 400), ("GET", "/api/v1/search?q=a&cursor=x", 400),
        ("GET", "/api/v1/search?q=a&offline=maybe", 400), ("GET", "/api/v1/browse", 400),
        ("GET", "/api/v1/browse?id=x", 400), ("GET", "/api/v1/browse?id=99", 404),
        ("GET", "/api/v1/browse?id=1&path=../x", 400), ("GET", "/api/v1/browse?id=99999999999999999999", 400),
        ("GET", "/api/v1/", 404), ("GET", "/api/v1/nosuch", 404), ("POST", "/api/v1/search?q=a", 405),
        ("OPTIONS", "/api/v1/peers", 405),
    ]

    @Test("what is wrong is said as JSON, with the right status")
    func errors() throws {
        try IndexFixture.run { index in
            for (method, target, status) in Self.failures {
                let answer = try Self.ask(index, target, method: method)
                #expect(answer.status == status, "\(method) \(target)")
                #expect(answer.json["error"]?.string?.isEmpty == false, "\(method) \(target)")
            }
            #expect(try Self.ask(index, "/api/v1/search?q=\(String(repeating: "a", count: 2_049))").status == 400)
            #expect(try Self.ask(index, "/api/v1/search?q=\(String(repeating: "a", count: 2_048))").status == 200)
        }
    }

    @Test(
        "a page of somebody else's cannot read an index on this machine by a name that points here [attack A73]",
        arguments: [
            ("evil.example", 403), ("localhost.evil.example", 403), ("127.0.0.1.evil", 403), ("[::1]evil", 400),
            ("localhost", 200), ("LOCALHOST:8888", 200), ("127.0.0.1:8888", 200), ("[::1]:8888", 200),
        ])
    func rebinding(_ host: String, _ status: Int) throws {
        try IndexFixture.run { index in
            let answer = try Self.ask(index, "/api/v1/peers", host: host)
            #expect(answer.status == status)
        }
    }

    @Test("/metrics and INFO tell how long each kind of command took, and which limits were reached")
    func latencies() throws {
        try IndexFixture.run { index in
            let peer = try index.sharer(["a"])
            for _ in 0..<5 { _ = try peer.ask("SEARCH a") }
            // A command is counted after its reply has gone.
            var text = ""
            try TestClock.wait(for: "five searches") {
                text = String(decoding: try Self.ask(index, "/metrics").body, as: UTF8.self)
                return text.contains("rookery_index_command_duration_seconds_count{command=\"search\"} 5\n")
            }
            #expect(text.contains("rookery_index_command_duration_seconds_count{command=\"reg\"} 1\n"))
            #expect(text.contains("rookery_index_limit_total{limit=\"filesPerPeer\"} 0\n"))
            let info = try peer.ask("INFO commandstats").text
            #expect(info.contains("cmdstat_search:calls=5,usec="))
            #expect(try peer.ask("INFO limits").text.contains("limit_slowReader:0"))
            let usual = try peer.ask("INFO").text
            #expect(!usual.contains("cmdstat_"))
            #expect(try peer.ask("INFO everything").text.contains("cmdstat_reg:calls=1,"))
        }
    }
}
