import Glibc
import P2PProtocol
import TestSupport
import Testing

/// What stock programs get from a peer.
@Suite struct PeerForeignClientTests {
    private static let song = Noise.bytes((5 << 20) + 7, seed: 1)

    private static func curl(_ arguments: [String]) throws -> (code: Int32, output: Bytes) {
        let result = try ChildProcess.run(Tool.curl.path, ["-sS", "--max-time", "30"] + arguments)
        return (result.code, result.output)
    }

    @Test("curl fetches a file whole, a part of it, and the rest of a cut one", .enabled(if: Tool.curl.isInstalled))
    func curl() throws {
        let scene = try PeerScene(["song.bin": Self.song])
        let url = scene.url(Self.song, "song.bin")
        let file = scene.scratch.file("got")
        #expect(try Self.curl([url]).output.contentRoot == Self.song.contentRoot)
        let middle = try Self.curl(["-r", "100-4999999", url]).output
        #expect(middle.contentRoot == Bytes(Self.song[100...4_999_999]).contentRoot)
        #expect(try Self.curl(["-r", "-7", url]).output == Bytes(Self.song.suffix(7)))
        try scene.scratch.write("got", Bytes(Self.song.prefix(3_000_001)))
        #expect(try Self.curl(["-C", "-", "-o", file, url]).code == 0)
        #expect(ScratchFolder.root(of: file) == Self.song.contentRoot)
        #expect(
            try scene.peer.metric("rookery_peer_sent_bytes_total") == 2 * Self.song.count + 4_999_900 + 7 - 3_000_001)
        // Under the name that the peer gives it.
        #expect(try Self.curl(["-OJ", "--output-dir", scene.scratch.path, url]).code == 0)
        #expect(ScratchFolder.root(of: scene.scratch.file("song.bin")) == Self.song.contentRoot)
        try scene.close()
    }

    @Test(
        "curl sees the fields and the status that conditions ask for [attack A42h]", .enabled(if: Tool.curl.isInstalled)
    )
    func conditions() throws {
        let scene = try PeerScene(["song.bin": Self.song])
        let url = scene.url(Self.song)
        let tag = "\"\(Self.song.contentRoot)\""
        let cases: [(flags: [String], status: String, bytes: Int)] = [
            (["-I"], "200", 0), ([], "200", Self.song.count), (["-H", "If-None-Match: \(tag)"], "304", 0),
            (["-H", "If-None-Match: W/\(tag)"], "304", 0), (["-H", "If-None-Match: *"], "304", 0),
            (["-H", "If-None-Match: \"other\", \(tag)"], "304", 0),
            (["-H", "If-None-Match: \"other\""], "200", Self.song.count),
            (["-H", "If-Match: \"other\""], "412", 0), (["-r", "\(Self.song.count)-"], "416", 0),
            (["-r", "0-9", "-H", "If-Range: \(tag)"], "206", 10),
            (["-r", "0-9", "-H", "If-Range: W/\(tag)"], "200", Self.song.count),
            (["-r", "0-9", "-H", "If-Range: Mon, 01 Jan 2024 00:00:00 GMT"], "200", Self.song.count),
            (["-I", "-r", "0-9"], "200", 0),
        ]
        let report = "%{http_code} %{size_download}"
        for (flags, status, bytes) in cases {
            let result = try Self.curl(flags + ["-o", "/dev/null", "-w", report, url])
            #expect(String(decoding: result.output, as: UTF8.self) == "\(status) \(bytes)", "\(flags)")
        }
        let head = try String(decoding: Self.curl(["-I", url + "/song.bin"]).output, as: UTF8.self)
        for field in [
            "Content-Length: \(Self.song.count)", "ETag: \(tag)", "Accept-Ranges: bytes",
            "X-Content-Type-Options: nosniff", "Content-Disposition: inline; filename=\"song.bin\"",
        ] { #expect(head.contains(field + "\r\n"), "\(head)") }
        try scene.close()
    }

    @Test("aria2c fetches over four connections", .enabled(if: Tool.aria2.isInstalled))
    func aria() throws {
        let scene = try PeerScene(["song.bin": Self.song])
        let before = try scene.peer.metric("rookery_peer_requests_total")
        let result = try ChildProcess.run(
            Tool.aria2.path,
            ["--no-conf", "-q", "-x4", "-s4", "-k1M", "-d", scene.scratch.path, "-o", "got", scene.url(Self.song)])
        #expect(result.code == 0, "\(String(decoding: result.output, as: UTF8.self))")
        #expect(ScratchFolder.root(of: scene.scratch.file("got")) == Self.song.contentRoot)
        #expect(try scene.peer.metric("rookery_peer_requests_total") >= before + 5)
        try scene.close()
    }

    @Test("wget fetches, and goes on with a cut file", .enabled(if: Tool.wget.isInstalled))
    func wget() throws {
        let scene = try PeerScene(["song.bin": Self.song])
        let file = try scene.scratch.write("got", Bytes(Self.song.prefix(2_000_000)))
        let result = try ChildProcess.run(
            Tool.wget.path, ["--no-config", "-q", "-c", "-O", file, scene.url(Self.song)])
        #expect(result.code == 0)
        #expect(ScratchFolder.root(of: file) == Self.song.contentRoot)
        #expect(try scene.peer.metric("rookery_peer_sent_bytes_total") == Self.song.count - 2_000_000)
        try scene.close()
    }

    @Test("a browser shows the share's page, and a file behind its link", .enabled(if: Tool.chromium.isInstalled))
    func browser() throws {
        let notes = Bytes("What we recorded, & where: <b>here</b>.\n".utf8)
        let scene = try PeerScene(["field notes.txt": notes, "<script>document.title=1<!--.txt": Bytes("x".utf8)])
        let page = try Self.dump("http://\(scene.peer.address)/", scene)
        #expect(page.contains(">field notes.txt</a>"), "\(page)")
        #expect(page.contains("&lt;script&gt;") && !page.contains("<script>"), "\(page)")
        let link = try #require(page.split(separator: "\"").first { $0.hasSuffix("field%20notes.txt") })
        #expect(link.hasPrefix("/content/\(notes.contentRoot)/"))
        let shown = try Self.dump("http://\(scene.peer.address)\(link)", scene)
        #expect(shown.contains("What we recorded, &amp; where: &lt;b&gt;here&lt;/b&gt;."), "\(shown)")
        try scene.close()
    }

    /// The document as the browser understood it.
    private static func dump(_ url: String, _ scene: PeerScene) throws -> String {
        let result = try ChildProcess.run(
            Tool.chromium.path,
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--disable-background-networking", "--user-data-dir=\(scene.scratch.file("browser"))", "--dump-dom",
                url,
            ], environment: ["HOME": scene.scratch.path], within: 50)
        return String(decoding: result.output, as: UTF8.self)
    }

    @Test("share.json is an object for programs, a folder at a time")
    func shareList() throws {
        let scene = try PeerScene(["a.txt": Bytes("a".utf8), "b.txt": Bytes("bb".utf8)])
        let answer = try scene.peer.ask("/share.json?path=")
        #expect(answer.field("Content-Type") == "application/json")
        let list = try JSON.parse(answer.body)
        #expect(list["total"]?.integer == 2 && list["next"]?.string == Bytes("0".utf8))
        let first = try #require(list["entries"]?.array?.first)
        #expect(first.name() == Bytes("a.txt".utf8) && first["size"]?.integer == 1)
        #expect(first["root"]?.string == Bytes("a".utf8).contentRoot.hex)
        #expect(try scene.peer.ask("/share.json?path=nowhere").status == 404)
        try scene.close()
    }
}
