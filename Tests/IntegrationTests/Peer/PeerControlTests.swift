import Glibc
import P2PProtocol
import TestSupport
import Testing

/// The control socket, through the commands that use it.
@Suite struct PeerControlTests {
    @Test("a second peer on one state is refused, and the first goes on")
    func second() throws {
        let scene = try TransferScene()
        let daemon = try scene.daemon()
        let other = try ChildProcess(
            "peer", ["daemon", "--server", "127.0.0.1:\(scene.index.port)", "--port", "0", "--dir", scene.folder])
        #expect(try other.exitCode() == 1)
        #expect(other.errorText.contains("is in use by another peer (process \(daemon.process.pid))"))
        try scene.run("status")
        try daemon.stop()
        try scene.index.stop()
    }

    @Test("a socket that nobody listens at counts as no peer, and the next one takes it over")
    func stale() throws {
        let scene = try TransferScene()
        let daemon = try scene.daemon()
        daemon.process.signal(SIGKILL)
        _ = try daemon.process.exitCode()
        #expect(ScratchFolder.exists(scene.file(".rookery/control.sock")))
        try scene.run("status", code: 1)
        #expect(try scene.run("check", "song.bin", code: 2) == "NOT_EXIST\n")
        let next = try scene.daemon()
        try scene.run("status")
        try next.stop()
        #expect(!ScratchFolder.exists(scene.file(".rookery/control.sock")))
        try scene.index.stop()
    }

    @Test("only its owner can connect")
    func rights() throws {
        let scene = try TransferScene()
        let daemon = try scene.daemon()
        var status = stat()
        #expect(stat(scene.file(".rookery/control.sock"), &status) == 0 && status.st_mode & 0o777 == 0o600)
        try daemon.stop()
        try scene.index.stop()
    }

    @Test("a server that is not the running peer's is misuse")
    func foreignServer() throws {
        let scene = try TransferScene()
        let daemon = try scene.daemon()
        let other = try IndexFixture()
        for verb in [["search", "x"], ["get", "x"], ["transfers"], ["status"], ["list"], ["browse", "1"]] {
            let result = try PeerFixture.run(verb, at: [other], in: scene.folder)
            #expect(result.code == 64, "\(verb) \(result.complaints)")
            #expect(result.complaints.contains("the running peer uses 127.0.0.1:\(scene.index.port)"))
        }
        try daemon.stop()
        try other.stop()
        try scene.index.stop()
    }

    @Test("a path too long for a socket is none for the peer, which uses the runtime folder")
    func longPath() throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture()
        let runtime = scratch.folder("run")
        let folder = scratch.folder(String(repeating: "a", count: 60) + "/" + String(repeating: "b", count: 60))
        let arguments = ["--server", "127.0.0.1:\(index.port)", "--dir", folder]
        let environment = ["XDG_RUNTIME_DIR": runtime, "HOME": folder]
        let daemon = try ChildProcess("peer", ["daemon", "--port", "0"] + arguments, environment: environment)
        try daemon.expect("registered successfully")
        let sockets = ScratchFolder.list(runtime)
        #expect(sockets.count == 1 && sockets[0].hasPrefix("rookery-") && sockets[0].hasSuffix(".sock"))
        let status = try ChildProcess("peer", ["status", "--json"] + arguments, environment: environment)
        #expect(try status.exitCode() == 0, "\(status.errorText)")
        daemon.signal(SIGTERM)
        #expect(try daemon.exitCode() == 0)
        #expect(ScratchFolder.list(runtime).isEmpty)
        try index.stop()
    }

    @Test("the same answers with a running peer and without: search, check, list, browse")
    func same() throws {
        let scene = try TransferScene()
        let song = Bytes("la la la".utf8)
        let source = try ScriptedSource(
            .honest, [.init("music/song.bin", song), .init("b.txt", song)], at: scene.index)
        let questions = [
            ["search", "song"], ["search", "song", "--json"], ["search", "nothing"], ["check", "song.bin"],
            ["check", "no such thing", "--json"], ["list"], ["list", "--json"], ["list", "song"],
            ["browse", "\(source.id)"], ["browse", "\(source.id)", "music/", "--json"], ["browse", "99"],
        ]
        let alone = try questions.map { try PeerFixture.run($0, at: [scene.index], in: scene.folder) }
        let daemon = try scene.daemon()
        for (question, answer) in zip(questions, alone) {
            let result = try PeerFixture.run(question, at: [scene.index], in: scene.folder)
            #expect(result.code == answer.code && result.text == answer.text, "\(question): \(result) and \(answer)")
        }
        #expect(alone[8].text.contains("music/") && alone[9].text.contains(#""name":"song.bin""#), "\(alone[8])")
        try daemon.stop()
        try scene.index.stop()
    }

    @Test("status says how the peer is doing")
    func status() throws {
        let scene = try TransferScene()
        scene.scratch.folder("you")
        try scene.scratch.write("you/song.bin", Bytes("la".utf8))
        let daemon = try scene.daemon()
        try scene.index.expectHolders([try daemon.id], of: "song.bin")
        let text = try scene.run("status", "--json")
        let status = try JSON.parse(Bytes(text.utf8))
        #expect(status["files"]?.integer == 1 && status["bytes"]?.integer == 2)
        #expect(status["address"]?.string == Bytes(daemon.address.utf8))
        let server = try #require(status["servers"]?.array?.first)
        #expect(server["id"]?.integer == (try daemon.id) && server["reachable"]?.bool == true)
        #expect(status["transfers"]?["queued"]?.integer == 0)
        #expect(try scene.run("status").contains("shares    1 files, 2 B\n"))
        try daemon.stop()
        try scene.index.stop()
    }
}

/// What may come over the control socket that is no order of ours.
@Suite struct PeerControlRequestTests {
    @Test(
        "the control socket speaks to curl, and refuses with a reason what makes no sense",
        .enabled(if: Tool.curl.isInstalled, "needs curl"))
    func curl() throws {
        let scene = try TransferScene()
        let daemon = try scene.daemon()
        let root = String(repeating: "ab", count: 32)
        let requests: [(body: String?, path: String, status: String, text: String)] = [
            (nil, "about", "200", #""servers":["127.0.0.1:\#(scene.index.port)"]"#),
            (nil, "transfers", "200", #"{"transfers":[]}"#), (nil, "transfers/1", "404", "there is no such transfer"),
            (nil, "nothing", "404", #"{"error":"not found"}"#), ("{}", "status", "405", "method not allowed"),
            ("", "transfers", "400", "expected"), ("[1,2", "transfers", "400", "expected"),
            (#"{"orders":[{"root":"\#(root)","size":-1,"name":"a"}]}"#, "transfers", "400", "an order has"),
            (#"{"orders":[{"root":"ab","size":1,"name":"a"}]}"#, "transfers", "400", "an order has"),
            (#"{"orders":[{"root":"\#(root)","size":1,"name":""}]}"#, "transfers", "400", "an order has"),
            (#"{"orders":[{"root":"\#(root)","size":1,"name":"a","to":"b"}]}"#, "transfers", "400", "an order has"),
            (#"{"orders":[{"root":"\#(root)","size":1,"name":"a","from":"x"}]}"#, "transfers", "400", "an order has"),
            (
                #"{"orders":[\#(Array(repeating: "1", count: 2_001).joined(separator: ","))]}"#, "transfers", "400",
                "at most"
            ),
            (String(repeating: "x", count: 1_100_000), "transfers", "413", ""),
            (#"{"orders":[{"root":"\#(root)","size":9,"name":"a/b"}]}"#, "transfers", "200", #""number":1,"place":1,"#),
            (#"{"orders":[{"root":"\#(root)","size":9,"name":"c"}]}"#, "transfers", "200", #""number":1,"place":1,"#),
            ("", "transfers/1/pause", "200", #""state":"paused""#),
            ("", "transfers/1/move?to=99", "200", #""place":1"#),
            ("", "transfers/1/move?to=x", "404", "not found"), ("", "transfers/1/cancel", "200", #"{"transfers":["#),
        ]
        for request in requests {
            var arguments = ["-sS", "--unix-socket", scene.file(".rookery/control.sock"), "-w", "\n%{http_code}"]
            if request.body != nil { arguments += ["--data-binary", "@-", "-X", "POST"] }
            let answer = try ChildProcess.run(
                Tool.curl.path, arguments + ["http://peer/v1/\(request.path)"], input: Bytes((request.body ?? "").utf8))
            let text = String(decoding: answer.output, as: UTF8.self)
            #expect(
                text.hasSuffix("\n" + request.status) && text.contains(request.text), "\(request.path): \(text)")
        }
        try daemon.stop()
        try scene.index.stop()
    }
}
