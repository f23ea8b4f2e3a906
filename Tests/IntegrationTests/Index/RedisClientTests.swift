import P2PProtocol
import TestSupport
import Testing

/// Stock Redis programs and libraries, unmodified.
@Suite struct RedisClientTests {
    @Test(
        "redis-cli: one command, RESP2 and RESP3", .enabled(if: Tool.redisCLI.isInstalled, "redis-cli is not installed")
    )
    func oneCommand() throws {
        try IndexFixture.run { index in
            let peer = try index.sharer(["Calm Sea", "195"])
            #expect(try Self.cli(index, ["CHECK", "calm sea"]) == "EXIST\n")
            #expect(try Self.cli(index, ["SEARCH", "nosuch"]) == "0\n0\n\n")
            #expect(try Self.cli(index, ["--no-raw", "PEERS"]).contains("2) (integer) 1\n    3) \"host\""))
            let three = try Self.cli(index, ["-3", "--no-raw", "SEARCH", "195"])
            #expect(three.contains("1# \"name\" => \"195\"\n") && three.contains("\"size\" => (nil)"), "\(three)")
            #expect(try Self.cli(index, ["-3", "INFO", "rookery"]).contains("peers:1\r\nentries:2\r\n"))
            #expect(try Self.cli(index, ["-n", "0", "PING"]) == "PONG\n")
            let unknown = try Self.cli(index, ["GET", "x"])
            #expect(unknown.hasPrefix("ERR unknown command 'GET', with args beginning with: 'x'"))
            withExtendedLifetime(peer) {}
        }
    }

    @Test(
        "redis-cli without a command: the prompt's commands, its help out of COMMAND DOCS",
        .enabled(if: Tool.redisCLI.isInstalled, "redis-cli is not installed"))
    func prompt() throws {
        try IndexFixture.run { index in
            let lines = "REG * * 9001 NAMES 195\nCHECK 195\nhelp search\nHELLO 3\nSELECT 1\nPING\nQUIT\n"
            let output = try Self.cli(index, [], input: lines)
            #expect(output.contains("EXIST\n"))
            #expect(output.contains("Finds contents and who has them"))
            #expect(output.contains("ERR DB index is out of range"))
            #expect(output.contains("PONG\n"))
        }
    }

    @Test(
        "redis-cli --pipe puts 100,000 names in, all of them findable, no command refused",
        .enabled(if: Tool.redisCLI.isInstalled, "redis-cli is not installed"))
    func pipe() throws {
        try IndexFixture.run { index in
            let pipe = try ChildProcess(Tool.redisCLI.path, ["-p", "\(index.port)", "--pipe"])
            pipe.send(WireClient.array(["REG", "*", "*", "9001"].map { Bytes($0.utf8) }))
            let verb = [Bytes("UPD".utf8), Bytes("ADD".utf8), Bytes("NAMES".utf8)]
            for batch in 0..<500 {
                pipe.send(WireClient.array(verb + (0..<200).map { Bytes("song \(batch * 200 + $0)".utf8) }))
            }
            try index.wait(for: "LIST LIMIT 1") { $0[0]?.integer == 100_000 }
            let asker = try index.client()
            #expect(try asker.ask("SEARCH 99999")[0]?.integer == 1)
            #expect(try asker.ask("SEARCH song")[0]?.integer == 100_000)
            pipe.closeInput()
            #expect(try pipe.exitCode() == 0)
            #expect(pipe.text.contains("errors: 0, replies: 501"))
            try index.wait(for: "PEERS") { $0.text == "[]" }
        }
    }

    @Test(
        "redis-cli --stat and --latency go on reading",
        .enabled(if: Tool.redisCLI.isInstalled && Tool.lineBuffer.isInstalled, "redis-cli or stdbuf is not installed"))
    func statistics() throws {
        try IndexFixture.run { index in
            let port = "\(index.port)"
            let stat = try ChildProcess(
                Tool.lineBuffer.path, ["-oL", Tool.redisCLI.path, "-p", port, "--stat", "-i", "0.05"])
            try stat.expect("\n", times: 5)
            stat.signal(15)
            #expect(stat.text.hasPrefix("------- data"))
            let latency = try Self.cli(index, ["--latency", "-i", "0.2"])
            #expect(latency.split(separator: " ").count == 4, "\(latency)")
        }
    }

    @Test(
        "redis-cli subscribe search:calm is told in JSON when a peer brings it, and when peers come and go",
        .enabled(if: Tool.redisCLI.isInstalled, "redis-cli is not installed"))
    func subscribe() throws {
        try IndexFixture.run { index in
            let before = try index.sharer(["calm already there"])
            let listener = try ChildProcess(
                Tool.redisCLI.path, ["-p", "\(index.port)", "subscribe", "search:calm", "peers"])
            try listener.expect("peers\n2\n")
            let peer = try index.sharer(["Calm Sea", "storm"], port: 9_002)
            try listener.expect(
                "message\nsearch:calm\n"
                    + #"{"event":"found","name":"Calm Sea","size":null,"root":null,"id":2,"host":"127.0.0.1","port":9002}"#
            )
            try listener.expect(#"{"event":"join","id":2,"host":"127.0.0.1","port":9002}"#)
            _ = try peer.ask("QUIT")
            try listener.expect(#"{"event":"leave","id":2,"host":"127.0.0.1","port":9002}"#)
            #expect(!listener.text.contains("storm") && !listener.text.contains("already"))
            withExtendedLifetime(before) {}
        }
    }

    @Test(
        "redis-benchmark ends without an error, with and without pipelining",
        .enabled(if: Tool.redisBenchmark.isInstalled, "redis-benchmark is not installed"), arguments: ["1", "16"])
    func benchmark(_ pipelined: String) throws {
        try IndexFixture.run { index in
            let peer = try index.sharer(["x"])
            let end = try ChildProcess.run(
                Tool.redisBenchmark.path,
                ["-p", "\(index.port)", "-q", "-n", "20000", "-c", "50", "-P", pipelined, "SEARCH", "x"])
            #expect(end.code == 0)
            #expect(end.errors == [])
            #expect(String(decoding: end.output, as: UTF8.self).contains("requests per second"))
            withExtendedLifetime(peer) {}
        }
    }

    @Test(
        "redis-py connects, registers, searches and listens", .enabled(if: Tool.hasRedisPy, "redis-py is not installed")
    )
    func python() throws {
        let script = """
            import json, redis, sys
            r = redis.Redis(port=int(sys.argv[1]), client_name="tester", single_connection_client=True)
            assert r.ping() is True
            assert r.client_getname() == "tester"
            assert r.client_setname("renamed")
            assert r.client_id() > 0
            assert "renamed" in [c["name"] for c in r.client_list()]
            assert r.info()["redis_version"].startswith("7."), r.info()
            assert r.info("rookery")["peers"] == 0
            assert r.echo("é") == "é".encode()
            assert r.config_get("save") == {"save": ""}
            assert r.command_count() > 20 and "reg" in r.command()
            answer = r.execute_command("REG", "*", "*", 9001, "NAMES", b"162", b"\\xff\\xfe")
            answer = dict(zip(answer[::2], answer[1::2]))
            assert answer[b"id"] == 1 and len(answer[b"token"]) == 64, answer
            total, cursor, hits = r.execute_command("SEARCH", "162")
            assert (total, cursor, hits[0][9]) == (1, b"0", 1), hits
            p = redis.Redis(port=int(sys.argv[1])).pubsub()
            p.subscribe("search:calm", "peers")
            assert [p.get_message(timeout=5)["data"] for _ in range(2)] == [1, 2]
            r.execute_command("UPD", "ADD", "NAMES", "calm sea")
            message = p.get_message(timeout=5)
            assert json.loads(message["data"])["name"] == "calm sea", message
            p.ping()
            assert p.get_message(timeout=5)["type"] == "pong"
            p.unsubscribe()
            assert p.get_message(timeout=5)["type"] == "unsubscribe"
            try:
                r.execute_command("UPD", "GOT", "x")
                assert False
            except redis.ResponseError as error:
                assert "UPD GOT" in str(error), error
            pipeline = redis.Redis(port=int(sys.argv[1])).pipeline(transaction=False)
            for _ in range(1000): pipeline.execute_command("CHECK", "162")
            assert pipeline.execute() == [b"EXIST"] * 1000
            print("done")
            """
        try IndexFixture.run { index in
            let end = try ChildProcess.run(Tool.python.path, ["-c", script, "\(index.port)"])
            #expect(String(decoding: end.output, as: UTF8.self) == "done\n")
            #expect(String(decoding: end.errors, as: UTF8.self) == "")
        }
    }

    private static func cli(_ index: IndexFixture, _ arguments: [String], input: String = "") throws -> String {
        let end = try ChildProcess.run(
            Tool.redisCLI.path, ["-p", "\(index.port)"] + arguments, input: Bytes(input.utf8))
        return String(decoding: end.output, as: UTF8.self)
    }
}
