import P2PProtocol
import TestSupport
import Testing

/// The program as an operator meets it: ports, signals, log, configuration, state.
@Suite struct IndexProcessTests {
    @Test(
        "[mission T1] [mission L1] [attack A94] the next permitted port is taken when the first is in use; with none free it says so"
    )
    func ports() throws {
        try IndexFixture.run { first in
            // The kernel gives free ports out in no order that two tests would share.
            let second = try IndexFixture(["--port", "\(first.port),0", "--name", "second"])
            #expect(second.port != first.port)
            #expect(try second.client().ask("PING").text == "+PONG")
            let taken = "\(first.port),\(second.port)"
            let third = try ChildProcess.run(
                "index-server", ["--port", taken, "--dir", first.scratch.file("third")])
            #expect(third.code == 1)
            #expect(third.output == [])
            let complaint = String(decoding: third.errors, as: UTF8.self)
            #expect(complaint.contains("cannot listen") && complaint.contains("--port"))
            #expect(complaint.split(separator: "\n").count == 1)
            try second.stop()
        }
    }

    @Test(
        "[mission F9] Ctrl-C and SIGTERM end it with 0, whoever is connected, and its port is free at once",
        arguments: [Int32(2), 15])
    func end(_ signal: Int32) throws {
        let index = try IndexFixture()
        let peer = try index.sharer(["195"])
        let half = try index.client()
        half.send(Bytes("*3\r\n$4\r\nEC".utf8))
        let page = try index.client()
        page.send(Bytes("GET / HT".utf8))
        #expect(try peer.ask("PING").text == "+PONG")
        index.process.signal(signal)
        #expect(try index.process.exitCode(within: 5) == 0)
        #expect(peer.end(within: 1) == [])
        let next = try IndexFixture(["--port", "\(index.port)"], scratch: index.scratch)
        #expect(next.port == index.port)
        try next.stop()
    }

    @Test("[mission F2] every major action goes to the log file, one line each: time, level, event, fields")
    func log() throws {
        let scratch = try ScratchFolder()
        let file = scratch.file("index.log")
        let index = try IndexFixture(["--log-file", file], scratch: scratch)
        let giver = try index.sharer(["195"], port: 9_001)
        let taker = try index.sharer([], port: 9_002)
        _ = try taker.ask("UPD GOT 195 FROM 1")
        _ = try taker.ask("QUIT")
        giver.close()
        // In the file, which a line reaches after standard error.
        try TestClock.wait(for: "peer.left") {
            String(decoding: ScratchFolder.read(file) ?? [], as: UTF8.self).contains("peer.left id=1")
        }
        try index.stop()
        let lines = String(decoding: ScratchFolder.read(file) ?? [], as: UTF8.self).split(separator: "\n")
        let events = lines.map { $0.split(separator: " ").dropFirst().prefix(2).joined(separator: " ") }
        #expect(
            events == [
                "notice server.started", "info peer.registered", "info peer.registered", "info peer.got",
                "info peer.left", "info peer.left", "notice server.stopping", "notice server.stopped",
            ])
        #expect(lines.allSatisfy { $0.prefix { $0 != " " }.hasSuffix("Z") })
    }

    @Test("[mission N16] host, port, state and the rest come from one configuration file, flags before it")
    func configuration() throws {
        let scratch = try ScratchFolder()
        let path = try scratch.write(
            "our.json",
            Bytes(
                """
                {"index": {"ip": "127.0.0.1", "port": "0", "dir": "\(scratch.file("elsewhere"))", "name": "songs <1>",
                 "printDictionary": true, "logFile": "\(scratch.file("index.log"))", "limits": {"filesPerPeer": 2}}}
                """.utf8))
        let process = try ChildProcess("index-server", ["--config", path], folder: scratch.path)
        let port = Int(try process.firstLine().split(separator: ":").last ?? "") ?? 0
        let client = try WireClient(port: port)
        #expect(try client.ask("REG * * 9001 NAMES a b c").text.hasPrefix("-ERR REG: "))
        #expect(try client.ask("REG * * 9001 NAMES a b")["id"]?.integer != nil)
        try process.expect("['a', 'b']")
        process.signal(15)
        #expect(try process.exitCode() == 0)
        #expect(ScratchFolder.list(scratch.file("elsewhere")).contains("registry.sqlite"))
        #expect(ScratchFolder.exists(scratch.file("index.log")))
    }

    @Test(
        "a configuration that is wrong is refused by name, with its line and code 64",
        arguments: [
            (#"{"index": {"prot": 1}}"#, "index.prot"), (#"{"index": {"port": "99999"}}"#, "port"),
            (#"{"index": {"limits": {"files": "many"}}}"#, "index.limits.files"),
            ("{\"index\":\n{\"name\": 1,}}", "our.json:2"),
            // [attack A20]
            (String(repeating: "[", count: 100_000), "our.json:1"),
        ])
    func wrongConfiguration(_ text: String, _ place: String) throws {
        let scratch = try ScratchFolder()
        let path = try scratch.write("our.json", Bytes(text.utf8))
        let end = try ChildProcess.run("index-server", ["--config", path, "--port", "0", "--dir", scratch.file("s")])
        let complaint = String(decoding: end.errors, as: UTF8.self)
        #expect(end.code == 64)
        #expect(complaint.contains(place), "\(complaint)")
    }

    @Test("[attack A93] a state folder with foreign files, or in use by another index, is refused")
    func stateFolder() throws {
        let scratch = try ScratchFolder()
        scratch.folder("photos")
        try scratch.write("photos/one.jpg", [1])
        let foreign = try ChildProcess.run("index-server", ["--port", "0", "--dir", scratch.file("photos")])
        #expect(foreign.code == 1)
        #expect(String(decoding: foreign.errors, as: UTF8.self).contains("one.jpg"))
        #expect(ScratchFolder.list(scratch.file("photos")) == ["one.jpg"])
        try IndexFixture.run { index in
            let second = try ChildProcess.run("index-server", ["--port", "0", "--dir", index.scratch.file("state")])
            #expect(second.code == 1)
            #expect(String(decoding: second.errors, as: UTF8.self).contains("process \(index.process.pid)"))
        }
    }

    @Test("[attack A96] where others than this machine can reach it, it takes members only unless told otherwise")
    func openness() throws {
        try IndexFixture.run(["--ip", "0.0.0.0"]) { index in
            let answer = try index.client().ask("SEARCH anything")
            #expect(answer.text.hasPrefix("-NOAUTH "))
        }
        try IndexFixture.run(["--ip", "0.0.0.0", "--accounts", "open"]) { index in
            #expect(try index.client().ask("SEARCH anything")[0]?.integer == 0)
            try index.process.expect("server.open", onError: true)
        }
    }

    @Test("SIGHUP opens the log file anew, as log rotation needs it")
    func rotation() throws {
        let scratch = try ScratchFolder()
        let file = scratch.file("index.log")
        let index = try IndexFixture(["--log-file", file], scratch: scratch)
        let first = try index.sharer(["a"])
        try TestClock.wait(for: "first line") { Self.lines(file).contains { $0.hasSuffix("id=1 peer=127.0.0.1:9001") } }
        try scratch.move("index.log", to: "index.log.1")
        index.process.signal(1)
        try TestClock.wait(for: "new file") {
            _ = try index.client().ask("REG * * 9002")
            return Self.lines(file).contains { $0.contains("peer.registered") }
        }
        #expect(Self.lines(scratch.file("index.log.1")).contains { $0.hasSuffix("id=1 peer=127.0.0.1:9001") })
        first.close()
        try index.stop()
    }

    private static func lines(_ path: String) -> [Substring] {
        String(decoding: ScratchFolder.read(path) ?? [], as: UTF8.self).split(separator: "\n")
    }
}
