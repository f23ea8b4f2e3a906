import Glibc
import P2PProtocol
import TestSupport
import Testing

/// The peer's commands as scripts use them: results on standard output, the rest on standard error, exit codes.
@Suite struct PeerCommandTests {
    private static let song = Noise.bytes(5_000, seed: 1)

    @Test("results are on standard output, as JSON with --json, and exit codes tell what became of it")
    func codes() throws {
        let scene = try PeerScene(["calm sea.ogg": Self.song, "storm sea.ogg": Noise.bytes(10, seed: 2)])
        let you = scene.scratch.folder("you")
        let root = Self.song.contentRoot
        try scene.index.expectHolders([1], of: "calm")
        try scene.index.expectHolders([1], of: "storm")
        let cases: [(arguments: [String], code: Int32, starts: String)] = [
            (["search", "calm"], 0, "found: calm sea.ogg, 4.8 KiB\n  peer 1 at \(scene.peer.address)\n"),
            (
                ["search", "calm", "--json"], 0,
                #"{"hits":[{"name":"calm sea.ogg","size":5000,"root":"\#(root)","count":1"#
            ),
            (["search", "nowhere"], 2, ""), (["search", "nowhere", "--json"], 2, #"{"hits":[]}"#),
            (["check", "calm sea.ogg"], 0, "EXIST\n"), (["check", "nowhere"], 2, "NOT_EXIST\n"),
            (["check", "nowhere", "--json"], 2, #"{"exists":false,"servers":[{"server":"127.0.0.1:"#),
            (["list"], 0, "calm sea.ogg\nstorm sea.ogg\n"), (["list", "nowhere"], 2, ""),
            (["list", "--json"], 0, #"{"names":[{"name":"calm sea.ogg"},{"name":"storm sea.ogg"}]}"#),
            (["get", "nowhere"], 2, ""), (["get", "sea"], 64, ""), (["get"], 64, ""),
            (["get", "calm", "--from", "x"], 64, ""), (["get", "calm", "--from", "77"], 2, ""),
            (["get", "rookery:12"], 64, ""), (["search", "calm", "--nonsense"], 64, ""), (["nonsense"], 64, ""),
            (["search", "size:x"], 1, ""), (["get", "calm", "--move"], 1, ""),
            (["get", "rookery:\(root)", "--from", "1"], 0, "\(you)/calm sea.ogg\n"),
            (["get", "calm"], 0, "\(you)/calm sea.ogg\n"),
            (["get", "sea", "--all", "--json"], 0, #"{"files":[{"path":""#),
        ]
        for (arguments, code, starts) in cases {
            let result = try PeerFixture.run(arguments, at: [scene.index], in: you)
            #expect(result.code == code, "\(arguments): \(result.complaints)")
            #expect(
                result.text.hasPrefix(starts) && (!starts.isEmpty || result.code != 0), "\(arguments): \(result.text)")
            #expect(code == 0 || !result.complaints.isEmpty || !result.text.isEmpty, "\(arguments) says nothing")
            if arguments.contains("--json"), !result.text.isEmpty { _ = try JSON.parse(Bytes(result.text.utf8)) }
        }
        #expect(ScratchFolder.list(you) == [".rookery", "calm sea.ogg", "storm sea.ogg"])
        try scene.close()
    }

    @Test("hash and link tell the root, and fail for what cannot be read")
    func hashAndLink() throws {
        let scratch = try ScratchFolder()
        let path = try scratch.write("song.bin", Self.song)
        let root = Self.song.contentRoot
        let line = try PeerFixture.run(["hash", path], in: scratch.path)
        #expect(line.code == 0 && line.text == "\(root)  5000  \(path)\n")
        let object = try PeerFixture.run(["hash", "--json", path, scratch.file("missing")], in: scratch.path)
        #expect(object.code == 1 && object.complaints.contains("missing"))
        #expect(object.text == "{\"root\":\"\(root)\",\"size\":5000,\"file\":\"\(path)\"}\n")
        #expect(try PeerFixture.run(["link", path], in: scratch.path).text == "rookery:\(root)\n")
        #expect(try PeerFixture.run(["hash"], in: scratch.path).code == 64)
    }

    @Test("a command that fetches leaves nothing running, and the index knows nothing of it afterwards")
    func leavesNoTrace() throws {
        let scene = try PeerScene(["song.bin": Self.song])
        try scene.index.expectHolders([1], of: "song.bin")
        let you = scene.scratch.file("you")
        let result = try PeerFixture.run(["get", "song.bin"], at: [scene.index], in: you)
        #expect(result.code == 0 && result.complaints.isEmpty, "\(result.complaints)")
        #expect(try scene.index.client().ask("PEERS").array?.count == 1)
        let kept = ScratchFolder.list("\(you)/.rookery")
        #expect(kept.allSatisfy { $0.hasPrefix("hashes.sqlite") || ["lock", "identity.pem"].contains($0) }, "\(kept)")
        try scene.close()
    }

    @Test("[attack A93] two peers do not share one state")
    func locked() throws {
        let scene = try PeerScene(["song.bin": Self.song])
        let second = try PeerFixture.run(
            ["daemon", "--port", "0"], at: [scene.index], in: scene.peer.folder)
        #expect(second.code == 1)
        #expect(second.complaints.contains("in use by another peer"), "\(second.complaints)")
        try scene.close()
    }
}
