import Glibc
import P2PProtocol
import TestSupport
import Testing

/// Among members only: who shows a pass gets what it is for, everybody else gets nothing.
@Suite struct PeerPassTests {
    private static let song = Noise.bytes((5 << 20) + 7, seed: 1)

    private let scratch: ScratchFolder
    private let index: IndexFixture
    private let known: [String]

    init() throws {
        scratch = try ScratchFolder()
        index = try IndexFixture.closed()
        let password = try scratch.write("password", Bytes(ascii: "swordfish\n"))
        known = ["--user", "bob", "--password-file", password]
        scratch.folder("share")
        try scratch.write("share/song.bin", Self.song)
    }

    /// Bob, who shares a song that can be found.
    private func giver(_ flags: [String] = []) throws -> PeerFixture {
        let peer = try PeerFixture.daemon(at: index, in: scratch.file("share"), known + flags)
        let ann = try index.member("ann")
        try TestClock.wait(for: "the song") { try ann.ask("SOURCES \(Self.song.contentRoot)")[0]?.integer == 1 }
        return peer
    }

    private func pass(_ what: String, _ giver: PeerFixture, from client: WireClient) throws -> String {
        let reply = try client.ask("TICKET \(what) \(giver.id)")
        return String(decoding: try #require(reply.bytes, "\(reply.text)"), as: UTF8.self)
    }

    @Test("without a pass nothing is told: one answer for what is there, what is not, and the list")
    func nothing() throws {
        let peer = try giver()
        var answers: Set<String> = []
        let (song, other) = ("\(Self.song.contentRoot)", String(repeating: "ab", count: 32))
        for target in [
            "/content/\(song)", "/content/\(other)", "/content/\(song)/song.bin", "/pieces/\(song)", "/have/\(song)",
            "/", "/share.json", "/share.json?path=x", "/nowhere", "/content/x",
        ] {
            let answer = try peer.ask(target)
            #expect(answer.status == 401, "\(target)")
            answers.insert(
                answer.head.split(separator: "\r\n").filter { !$0.hasPrefix("Date") }.joined() + "\(answer.body)")
        }
        #expect(answers.count == 1)
        #expect(try peer.ask("/handoff/\(song)?taker=1@x", method: "POST", "Content-Length: 0").status == 401)
        #expect(try peer.ask("/ping").status == 200)
        try peer.stop()
        try index.stop()
    }

    @Test("URLs with a pass work in curl, mpv's way too, and in aria2c; a pass for something else does not")
    func urls() throws {
        let peer = try giver()
        let ann = try index.member("ann")
        let pass = try pass("\(Self.song.contentRoot)", peer, from: ann)
        let target = "/content/\(Self.song.contentRoot)"
        let field = "Authorization: Bearer \(pass)"
        #expect(try peer.ask(target, field).body.contentRoot == Self.song.contentRoot)
        #expect(try peer.ask("\(target)/song.bin?ticket=\(pass)", "Range: bytes=7-9").body == Bytes(Self.song[7...9]))
        #expect(try peer.ask("/share.json", field).status == 403)
        #expect(try peer.ask("/content/\(String(repeating: "ab", count: 32))", field).status == 403)
        #expect(try peer.ask(target + "?ticket=\(pass.dropLast())").status == 403)
        let list = try self.pass("*", peer, from: ann)
        #expect(try peer.ask("/share.json?ticket=\(list)").status == 200)
        #expect(try peer.ask(target + "?ticket=\(list)").status == 403)
        for (tool, flags) in [
            (Tool.curl, ["-sS", "-o", scratch.file("curl")]),
            (Tool.aria2, ["--no-conf", "-q", "-x4", "-s4", "-k1M", "-d", scratch.path, "-o", "aria2"]),
        ] where tool.isInstalled {
            let url = "http://\(peer.address)\(target)?ticket=\(pass)"
            #expect(try ChildProcess.run(tool.path, flags + [url]).code == 0)
            #expect(ScratchFolder.root(of: scratch.file(tool == .curl ? "curl" : "aria2")) == Self.song.contentRoot)
        }
        #expect(!peer.process.errorText.contains(pass))
        try peer.stop()
        try index.stop()
    }

    @Test("members fetch from each other as ever: large files and many small ones, with and without a daemon")
    func members() throws {
        for number in 0..<40 { try scratch.write("share/small \(number)", Noise.bytes(900, seed: UInt64(number + 10))) }
        let peer = try giver()
        let ann = try index.member("ann")
        try TestClock.wait(for: "all files") { try ann.ask("SEARCH small")[0]?.integer == 40 }
        scratch.folder("cid")
        let cid = scratch.file("cid")
        let one = try PeerFixture.run(["get", "song.bin"] + known, at: [index], in: cid)
        #expect(one.code == 0, "\(one.complaints)")
        #expect(ScratchFolder.root(of: scratch.file("cid/song.bin")) == Self.song.contentRoot)
        let many = try PeerFixture.run(["get", "small", "--all"] + known, at: [index], in: cid)
        #expect(many.code == 0, "\(many.complaints)")
        scratch.folder("dan")
        let daemon = try PeerFixture.daemon(at: index, in: scratch.file("dan"), known)
        let through = try PeerFixture.run(["get", "song.bin"] + known, at: [index], in: scratch.file("dan"))
        #expect(through.code == 0, "\(through.complaints)")
        try daemon.stop()
        try peer.stop()
        try index.stop()
    }

    @Test("a file moves among members, and is gone from its giver")
    func moves() throws {
        let peer = try giver(["--ownership", "move"])
        scratch.folder("cid")
        let moved = try PeerFixture.run(["get", "song.bin", "--move"] + known, at: [index], in: scratch.file("cid"))
        #expect(moved.code == 0, "\(moved.complaints)")
        #expect(access(scratch.file("share/song.bin"), F_OK) != 0)
        #expect(ScratchFolder.root(of: scratch.file("cid/song.bin")) == Self.song.contentRoot)
        try peer.stop()
        try index.stop()
    }

    @Test("an account that is removed loses its download at once, its passes too, also those of before a reconnect")
    func removed() throws {
        let peer = try giver(["--config", try limits(#""uploadLimit": "200K""#)])
        let (ann, cid) = (try index.member("ann"), try index.client())
        #expect(try ann.ask("USER ADD cid swordfish").text == "+OK")
        #expect(try cid.ask("AUTH cid swordfish").text == "+OK")
        let pass = try pass("\(Self.song.contentRoot)", peer, from: cid)
        let target = "/content/\(Self.song.contentRoot)?ticket=\(pass)"
        let reader = try WireClient(port: peer.port)
        reader.send(Bytes("GET \(target) HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
        try TestClock.wait(for: "bytes") { try peer.metric("rookery_peer_sent_bytes_total") > 0 }
        #expect(try ann.ask("USER REMOVE cid").text == "+OK")
        // The whole song takes 25 seconds.
        let got = try #require(reader.end(within: 15))
        #expect(got.count < Self.song.count)
        #expect(try peer.ask(target).status == 403)
        // Whoever comes to the index later is told as well.
        let late = try index.member("bob")
        late.send(Bytes(ascii: "SUBSCRIBE revoked\n"))
        #expect(try late.reply().text.contains("subscribe"))
        let event = try JSON.parse(try #require(late.reply()[2]?.bytes))
        #expect(event["event"]?.string == Bytes(ascii: "revoked") && event["name"]?.string == Bytes(ascii: "cid"))
        // Who has not registered is known by the connection.
        #expect(try #require(event["id"]?.integer) < 0 && event["exp"]?.integer != nil)
        try peer.stop()
        try index.stop()
    }

    @Test("passes end with a start of the index, and members fetch on")
    func restarted() throws {
        let peer = try giver()
        let pass = try pass("\(Self.song.contentRoot)", peer, from: try index.member("ann"))
        let target = "/content/\(Self.song.contentRoot)?ticket=\(pass)"
        #expect(try peer.ask(target, "Range: bytes=0-0").status == 206)
        let port = index.port
        let second = try IndexFixture(
            ["--accounts", "closed", "--port", "\(port)"], scratch: try stopped())
        try peer.process.expect("registered successfully with id ", times: 2)
        #expect(try peer.ask(target, "Range: bytes=0-0").status == 403)
        let ann = try second.member("ann")
        try TestClock.wait(for: "the song") { try ann.ask("SOURCES \(Self.song.contentRoot)")[0]?.integer == 1 }
        scratch.folder("cid")
        let fetched = try PeerFixture.run(["get", "song.bin"] + known, at: [second], in: scratch.file("cid"))
        #expect(fetched.code == 0, "\(fetched.complaints)")
        try peer.stop()
        try second.stop()
    }

    @Test("a peer that a closed index does not know gives nothing to anybody")
    func unknown() throws {
        let peer = try PeerFixture("daemon", at: [index], in: scratch.file("share"))
        try peer.process.expect("takes members only", onError: true)
        #expect(try peer.ask("/share.json").status == 401)
        try peer.stop()
        try index.stop()
    }

    @Test("a pass that has expired is renewed by who fetches, and opens nothing for others")
    func expired() throws {
        let short = try IndexFixture(
            ["--accounts", "closed"], scratch: try stopped(), environment: ["ROOKERY_INDEX_TICKET_LIFE": "1"])
        let peer = try PeerFixture.daemon(at: short, in: scratch.file("share"), known)
        let ann = try short.member("ann")
        try TestClock.wait(for: "the song") { try ann.ask("SOURCES \(Self.song.contentRoot)")[0]?.integer == 1 }
        let pass = try pass("\(Self.song.contentRoot)", peer, from: ann)
        let target = "/content/\(Self.song.contentRoot)?ticket=\(pass)"
        try TestClock.wait(for: "its end") { try peer.ask(target, "Range: bytes=0-0").status == 403 }
        // Two seconds at this pace: twice the life of a pass.
        scratch.folder("cid")
        let fetched = try PeerFixture.run(
            ["get", "song.bin", "--config", try limits(#""downloadLimit": "2M""#)] + known, at: [short],
            in: scratch.file("cid"))
        #expect(fetched.code == 0, "\(fetched.complaints)")
        try peer.stop()
        try short.stop()
    }

    private func limits(_ what: String) throws -> String {
        try scratch.write("limits.json", Bytes(#"{"peer": {\#(what)}}"#.utf8))
    }

    /// The state of the index, which runs no more.
    private func stopped() throws -> ScratchFolder {
        try index.stop()
        return index.scratch
    }
}
