import Glibc
import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

/// The program as its users have it: real processes, an index of its own for each test.
@Suite struct PeerProgramTests {
    /// An index, a folder for everything, and peers on demand.
    private struct Cluster {
        let scratch: ScratchFolder
        let index: ChildProcess
        let server: String

        init() throws {
            scratch = try ScratchFolder()
            index = try ChildProcess("index-server", ["--port", "0", "--dir", scratch.file("index")])
            server = String(try index.firstLine().split(separator: " ").last ?? "")
        }

        func write(_ name: String, _ content: String) throws {
            scratch.folder(String(name.split(separator: "/").dropLast().joined(separator: "/")))
            try scratch.write(name, Bytes(content.utf8))
        }

        func content(_ name: String) -> String? {
            ScratchFolder.read(scratch.file(name)).map { String(decoding: $0, as: UTF8.self) }
        }

        func peer(_ arguments: String..., input: String = "") throws -> (code: Int32, output: String, errors: String) {
            let result = try ChildProcess.run(
                "peer", arguments + ["--server", server], input: Bytes(input.utf8),
                environment: ["HOME": scratch.path])
            return (
                result.code, String(decoding: result.output, as: UTF8.self),
                String(decoding: result.errors, as: UTF8.self)
            )
        }

        /// A daemon that shares a folder, once what it shares can be found.
        func daemon(sharing folder: String, _ arguments: String..., until name: String) throws -> ChildProcess {
            let daemon = try ChildProcess(
                "peer", ["daemon", "--dir", scratch.file(folder), "--port", "0", "--server", server] + arguments)
            try daemon.expect("registered successfully with id")
            try waitUntilKnown(name)
            return daemon
        }

        /// Asks the index until it offers a name: a peer's files appear once its port is proven.
        func waitUntilKnown(_ name: String) throws {
            let deadline = Moment.now + .seconds(20)
            while Moment.now < deadline {
                if try peer("check", name).code == 0 { return }
            }
            throw TestFailure("\(name) does not appear")
        }
    }

    @Test("[mission N6] [mission N9] the menu downloads after a y, while its own files are served")
    func menu() throws {
        let cluster = try Cluster()
        try cluster.write("a/calm sea.txt", "waves")
        let daemon = try cluster.daemon(sharing: "a", until: "calm sea.txt")
        try cluster.write("b/mine.txt", "own")
        let menu = try ChildProcess(
            "peer", ["--dir", cluster.scratch.file("b"), "--port", "0", "--server", cluster.server])
        #expect(try menu.firstLine().hasPrefix("peer listening on 127.0.0.1:"))
        try menu.expect("registered successfully with id")
        try menu.expect("> ")
        // The menu waits for its user, and the file is fetched from it.
        try cluster.waitUntilKnown("mine.txt")
        #expect(try cluster.peer("get", "mine", "--to", cluster.scratch.file("c")).code == 0)
        #expect(cluster.content("c/mine.txt") == "own")
        menu.type("1")
        menu.type("calm")
        try menu.expect("download? [y/N] ")
        menu.type("y")
        try menu.expect("downloaded: \(cluster.scratch.file("b"))/calm sea.txt\n")
        #expect(cluster.content("b/calm sea.txt") == "waves")
        menu.type("1")
        menu.type("mine")
        try menu.expect("you already have it: mine.txt\n")
        menu.type("3")
        #expect(try menu.exitCode() == 0)
        try menu.expect("unregistered id")
        daemon.signal(SIGTERM)
        #expect(try daemon.exitCode() == 0)
    }

    @Test("[mission F7] get makes its folder and prints the path of what it got; again it says that it is here")
    func get() throws {
        let cluster = try Cluster()
        try cluster.write("a/calm sea.txt", "waves")
        let daemon = try cluster.daemon(sharing: "a", until: "calm sea.txt")
        let target = cluster.scratch.file("new/folder")
        for attempt in 1...2 {
            let result = try cluster.peer("get", "calm", "sea", "--to", target)
            #expect(result.code == 0)
            #expect(result.output == "\(target)/calm sea.txt\n")
            #expect(result.errors.contains("already here") == (attempt == 2))
        }
        #expect(cluster.content("new/folder/calm sea.txt") == "waves")
        let missing = try cluster.peer("get", "storm", "--to", target)
        #expect(missing.code == 2)
        #expect(missing.output.isEmpty)
        #expect(daemon.isRunning)
    }

    @Test("several hits are listed with exit code 64, --all takes each, and a link takes one")
    func several() throws {
        let cluster = try Cluster()
        try cluster.write("a/calm one.txt", "1")
        try cluster.write("a/calm two.txt", "2")
        let daemon = try cluster.daemon(sharing: "a", until: "calm two.txt")
        let target = cluster.scratch.file("b")
        let refused = try cluster.peer("get", "calm", "--to", target)
        #expect(refused.code == 64)
        #expect(refused.output.isEmpty)
        #expect(refused.errors.contains("1) calm"))
        let link = try cluster.peer("link", cluster.scratch.file("a/calm one.txt")).output.dropLast()
        #expect(try cluster.peer("get", String(link), "--to", target).output == "\(target)/calm one.txt\n")
        #expect(try cluster.peer("get", "calm", "--all", "--to", target).code == 0)
        #expect(ScratchFolder.list(target) == ["calm one.txt", "calm two.txt"])
        #expect(daemon.isRunning)
    }

    @Test("[mission N4] a moved file leaves its owner's share, who must have allowed it")
    func move() throws {
        let cluster = try Cluster()
        try cluster.write("a/kept.txt", "kept")
        try cluster.write("b/lent.txt", "lent")
        let keeper = try cluster.daemon(sharing: "a", until: "kept.txt")
        let lender = try cluster.daemon(sharing: "b", "--ownership", "move", until: "lent.txt")
        let target = cluster.scratch.file("c")
        let refused = try cluster.peer("get", "kept", "--move", "--to", target)
        #expect(refused.code == 1)
        #expect(refused.errors.contains("copies only"))
        let moved = try cluster.peer("get", "lent", "--move", "--to", target)
        #expect(moved.code == 0)
        #expect(moved.errors.isEmpty)
        #expect(cluster.content("c/lent.txt") == "lent")
        #expect(cluster.content("b/lent.txt") == nil)
        #expect(try cluster.peer("check", "lent.txt").code == 2)
        #expect(keeper.isRunning && lender.isRunning)
    }

    @Test(
        "[mission F10] with no server each command names it and the reason, and ends with 1",
        arguments: [["search", "x"], ["check", "x"], ["list"], ["get", "x"]])
    func noServer(arguments: [String]) throws {
        let scratch = try ScratchFolder()
        let result = try ChildProcess.run(
            "peer", arguments + ["--server", "127.0.0.1:1", "--dir", scratch.file("d")])
        #expect(result.code == 1)
        #expect(result.output.isEmpty)
        let line =
            "peer: 127.0.0.1:1: cannot be reached (Connection refused): start index-server there, or give another --server\n"
        #expect(String(decoding: result.errors, as: UTF8.self) == line)
    }

    @Test(
        "[mission F9] Ctrl-C ends a daemon and a menu in order, and the port is free at once",
        arguments: ["daemon", "menu"])
    func interrupted(verb: String) throws {
        let cluster = try Cluster()
        let folder = cluster.scratch.file("a")
        var port = "0"
        for _ in 0..<3 {
            let peer = try ChildProcess("peer", [verb, "--dir", folder, "--port", port, "--server", cluster.server])
            let line = try peer.firstLine()
            port = String(line.split(separator: ":").last ?? "")
            try peer.expect("registered successfully with id 1\n")
            peer.signal(SIGINT)
            #expect(try peer.exitCode() == 0)
        }
    }

    @Test("a daemon waits for its server in the background, and comes back to it")
    func patient() throws {
        let cluster = try Cluster()
        let daemon = try ChildProcess(
            "peer",
            [
                "daemon", "--dir", cluster.scratch.file("a"), "--port", "0", "--server", "127.0.0.1:1", "--server",
                cluster.server,
            ])
        try daemon.expect("127.0.0.1:1: cannot be reached", onError: true)
        try daemon.expect("registered successfully with id 1 at \(cluster.server)\n")
        cluster.index.signal(SIGTERM)
        #expect(try cluster.index.exitCode() == 0)
        try daemon.expect("trying again in the background", times: 2, onError: true)
        let port = String(cluster.server.split(separator: ":").last ?? "")
        let index = try ChildProcess("index-server", ["--port", port, "--dir", cluster.scratch.file("index")])
        _ = try index.firstLine()
        try daemon.expect("registered successfully with id 1 at \(cluster.server)\n", times: 2)
    }

    @Test(
        "[mission F1] [mission F2] [mission F3] what happens goes to the log file; what is offered is listed on demand")
    func logs() throws {
        let cluster = try Cluster()
        try cluster.write("a/calm.txt", "waves")
        let log = cluster.scratch.file("logs/peer.log")
        let daemon = try cluster.daemon(sharing: "a", "--ip", "127.0.0.1", "--log-file", log, until: "calm.txt")
        #expect(try cluster.peer("list").output == "calm.txt\n")
        #expect(try cluster.peer("get", "calm", "--to", cluster.scratch.file("b")).code == 0)
        daemon.signal(SIGTERM)
        #expect(try daemon.exitCode() == 0)
        let lines = cluster.content("logs/peer.log") ?? ""
        for event in ["peer.started", "index.registered", "share.hashed", "upload.done", "index.left", "peer.stopped"] {
            #expect(lines.contains(" \(event)"))
        }
    }

    @Test("two peers do not share one state")
    func locked() throws {
        let cluster = try Cluster()
        let folder = cluster.scratch.file("a")
        let first = try ChildProcess("peer", ["daemon", "--dir", folder, "--port", "0", "--server", cluster.server])
        try first.expect("registered")
        let second = try cluster.peer("daemon", "--dir", folder, "--port", "0")
        #expect(second.code == 1)
        #expect(second.errors.contains("is in use by another peer (process \(first.pid))"))
    }

    @Test(
        "--json prints one object that names everything",
        arguments: [
            (["search", "calm"], "{\"hits\":[{\"name\":\"calm.txt\",\"size\":5,\"root\":\""),
            (["check", "calm"], "{\"exists\":true,\"servers\":[{\"server\":\"127.0.0.1:"),
            (["list"], "{\"names\":[{\"name\":\"calm.txt\"}]}\n"),
        ])
    func json(arguments: [String], beginning: String) throws {
        let cluster = try Cluster()
        try cluster.write("a/calm.txt", "waves")
        let daemon = try cluster.daemon(sharing: "a", until: "calm.txt")
        let result = try ChildProcess.run("peer", arguments + ["--json", "--server", cluster.server])
        #expect(result.code == 0)
        #expect(String(decoding: result.output, as: UTF8.self).hasPrefix(beginning))
        #expect((try? JSON.parse(result.output)) != nil)
        #expect(daemon.isRunning)
    }

    @Test(
        "what makes no sense ends with 64 before anything is asked",
        arguments: [
            ["get", "x", "--from", "zero"], ["get", "rookery:12"], ["get"], ["bogus"], ["search"],
            ["get", "x", "--to="],
        ])
    func misuse(arguments: [String]) throws {
        let result = try ChildProcess.run("peer", arguments + ["--server", "127.0.0.1:1"])
        #expect(result.code == 64)
        #expect(result.output.isEmpty)
        #expect(result.errors.starts(with: Bytes(ascii: "peer: ")))
    }
}
