import P2PProtocol
import TestSupport
import Testing

/// SEARCH … OFFLINE: what peers had when they left, or when the index did.
@Suite struct IndexRememberingTests {
    private static let root = String(repeating: "5a", count: 32)

    @Test("files of a peer that left are found by SEARCH … OFFLINE alone, with its id and flag and no address")
    func left() throws {
        try IndexFixture.run { index in
            let peer = try Sharer(at: index, ["song.mp3", "1000", Self.root])
            #expect(try peer.client.ask("QUIT").text == "+OK")
            try index.wait(for: "PEERS") { $0.array?.isEmpty == true }
            let asker = try index.client()
            #expect(try asker.ask("SEARCH song").text == #"[0, "0", []]"#)
            #expect(
                try asker.ask("SEARCH song OFFLINE").text
                    == #"[1, "0", [["name", "song.mp3", "size", 1000, "root", "#
                    + "\"\(Self.root)\", \"sources\", [[1, nil, nil, \"o\", nil]], \"count\", 0]]]")
            #expect(try IndexAPITests.ask(index, "/api/v1/search?q=song").json["total"]?.integer == 0)
            let found = try IndexAPITests.ask(index, "/api/v1/search?q=song&offline=1").json["hits"]?.array?.first
            let source = found?["sources"]?.array?.first
            #expect(found?["count"]?.integer == 0 && source?["id"]?.integer == 1)
            #expect(source?["host"] == .null && source?["port"] == .null)
            #expect(source?["flags"]?.string == Bytes("o".utf8))
            let page = String(decoding: try index.page("/metrics"), as: UTF8.self)
            #expect(page.contains("rookery_index_remembered_peers 1\n"))
            #expect(page.contains("rookery_index_remembered_entries 1\n"))
        }
    }

    @Test(
        "[fault F1] after kill -9 the lists of those who are not back are known, and those who are back keep their ids")
    func kill() throws {
        let first = try IndexFixture()
        let names = ["a.mp3", "1", Self.root, "b.mp3", "2", String(repeating: "5b", count: 32)]
        let (one, two) = (try Sharer(at: first, names), try Sharer(at: first, names))
        #expect(try one.client.command(["UPD", "DEL", "a.mp3"]).text == "1")
        #expect(try one.client.command(["UPD", "ADD", "FILES", "c.mp3", "3", Self.root]).text == "1")
        try Self.waitUntilWritten(first)
        try first.kill()
        let second = try IndexFixture(scratch: first.scratch)
        try second.wait(for: "SEARCH c.mp3 OFFLINE") { $0[0]?.integer == 1 }
        try second.wait(for: "SEARCH a.mp3 OFFLINE") { Self.sources($0) == [one.id, two.id].filter { $0 == two.id } }
        try second.wait(for: "SEARCH b.mp3 OFFLINE") { Self.sources($0) == [one.id, two.id] }
        let back = try second.client()
        let answer = try back.ask(
            "REG \(one.id) * \(one.port.port) TOKEN \(one.token) FILES b.mp3 2 " + String(repeating: "5b", count: 32))
        #expect(answer["id"]?.integer == one.id)
        #expect(try Self.sources(back.ask("SEARCH b.mp3 OFFLINE")) == [two.id])
        #expect(try back.ask("SEARCH c.mp3 OFFLINE").text == #"[0, "0", []]"#)
        try one.port.prove(Bytes(one.token.utf8))
        try second.wait(for: "SEARCH b.mp3 OFFLINE") {
            Self.sources($0) == [one.id, two.id] && $0[2]?[0]?[9]?.integer == 1
        }
        try second.stop()
        let third = try IndexFixture(scratch: first.scratch)
        try third.wait(for: "SEARCH b.mp3 OFFLINE") { Self.sources($0) == [one.id, two.id] }
        try third.stop()
    }

    @Test("[fault F1] what is moved out of a list that is still being added to is not there again after kill -9")
    func moved() throws {
        let first = try IndexFixture()
        let giver = try Sharer(at: first, ["start", "1", Self.root], flags: ["OWNERSHIP", "move"])
        let taker = try Sharer(at: first, ["other", "1", Self.root])
        let moved = String(repeating: "6b", count: 32)
        let rest = (0..<15_000).flatMap { ["rest\($0)", "1", String(repeating: "7c", count: 32)] }
        let all = ["UPD", "ADD", "FILES", "moved", "1", moved] + rest
        giver.client.send(WireClient.array(all.map { Bytes($0.utf8) }))
        try TestClock.wait(for: "move") {
            try taker.client.ask("UPD GOT \(moved) FROM \(giver.id) AS mine MOVE").text == "1"
        }
        #expect(try giver.client.reply().text == "15001")
        try Self.waitUntilWritten(first)
        try first.kill()
        let second = try IndexFixture(["--log-level", "debug"], scratch: first.scratch)
        try second.process.expect("lists.recalled", onError: true)
        let asker = try second.client()
        #expect(try Self.sources(asker.ask("SEARCH root:\(moved) OFFLINE")) == [taker.id])
        #expect(try Self.sources(asker.ask("SEARCH rest14999 OFFLINE")) == [giver.id])
        try second.stop()
    }

    @Test("neither names nor files of an unproven port are remembered")
    func forgotten() throws {
        let first = try IndexFixture()
        let names = try first.sharer(["song"])
        let unproven = try first.client()
        let port = try ProofPort.unused()
        _ = try unproven.command(["REG", "*", "*", "\(port)", "FILES", "song.mp3", "1", Self.root])
        for client in [names, unproven] { #expect(try client.ask("QUIT").text == "+OK") }
        try first.wait(for: "PEERS") { $0.array?.isEmpty == true }
        #expect(try first.client().ask("SEARCH song OFFLINE").text == #"[0, "0", []]"#)
        try first.stop()
        let second = try IndexFixture(["--log-level", "debug"], scratch: first.scratch)
        try second.process.expect("lists.recalled entries=0", onError: true)
        #expect(try second.client().ask("SEARCH song OFFLINE").text == #"[0, "0", []]"#)
        try second.stop()
    }

    @Test(
        "[fault F12] damaged lists are set aside with a line in the log, and cost nothing but themselves",
        arguments: ["no database at all", "torn", "empty"])
    func damaged(_ kind: String) throws {
        let first = try IndexFixture()
        _ = try Sharer(at: first, ["song.mp3", "1", Self.root])
        try Self.waitUntilWritten(first)
        try first.stop()
        let path = first.scratch.file("state/lists.sqlite")
        let whole = ScratchFolder.read(path) ?? []
        let junk: Bytes =
            switch kind {
            case "torn": Bytes(whole.prefix(whole.count / 2)) + Bytes(repeating: 0xA5, count: 3_000)
            case "empty": []
            default: Bytes("not a database, far from it: ".utf8) + Bytes(repeating: 7, count: 9_000)
            }
        try first.scratch.write("state/lists.sqlite", junk)
        let second = try IndexFixture(["--log-level", "debug"], scratch: first.scratch)
        if kind != "empty" { try second.process.expect("lists.damaged", onError: true) }
        try second.process.expect("lists.recalled entries=0", onError: true)
        #expect(try second.client().ask("SEARCH song OFFLINE").text == #"[0, "0", []]"#)
        let next = try Sharer(at: second, ["song.mp3", "1", Self.root])
        #expect(next.id > 1)
        second.process.signal(15)
        #expect(try second.process.exitCode() == 0)
    }

    // MARK: -

    private static func sources(_ answer: Reply) -> [Int] {
        answer[2]?[0]?[7]?.array?.compactMap { $0[0]?.integer }.sorted() ?? []
    }

    /// Waits until what was said before this is on the disk: it is written in the order in which it was said.
    private static func waitUntilWritten(_ index: IndexFixture) throws {
        let marker = try index.client()
        let port = try ProofPort.unused()
        _ = try marker.command(["REG", "*", "*", "\(port)", "FILES", "end-of-what-was-said", "1", Self.root])
        let needle = Bytes("end-of-what-was-said".utf8)
        try TestClock.wait(for: "lists on the disk") {
            let log = ScratchFolder.read(index.scratch.file("state/lists.sqlite-wal")) ?? []
            return log.indices.contains { log[$0...].starts(with: needle) }
        }
    }
}

/// A peer whose port is proven and whose files are found.
private struct Sharer {
    let client: WireClient
    let port: ProofPort
    let id: Int
    let token: String

    init(at index: IndexFixture, _ files: [String], flags: [String] = []) throws {
        port = try ProofPort()
        client = try index.client()
        let answer = try client.command(["REG", "*", "*", "\(port.port)"] + flags + ["FILES"] + files)
        guard let id = answer["id"]?.integer, let token = answer["token"]?.bytes else { throw TestFailure(answer.text) }
        (self.id, self.token) = (id, String(decoding: token, as: UTF8.self))
        try port.prove(token)
        try index.wait(for: "SEARCH peer:\(id)") { $0[0]?.integer ?? 0 > 0 }
    }
}

extension IndexFixture {
    /// What its port answers to a browser, head and all.
    fileprivate func page(_ path: String) throws -> Bytes {
        let client = try client()
        client.send(Bytes("GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8))
        return client.end() ?? []
    }
}
