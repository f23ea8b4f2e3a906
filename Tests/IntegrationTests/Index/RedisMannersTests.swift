import P2PProtocol
import TestSupport
import Testing

/// What a Redis answers, byte for byte, asked of a real one where there is one.
@Suite struct RedisMannersTests {
    /// Each is one connection; all end in QUIT, which every state allows.
    static let sessions = [
        ["PING", "ping x", "PING x y", "ECHO a", "ECHO", "ECHO a b"],
        ["SELECT 0", "SELECT 1", "SELECT x", "SELECT"],
        ["FOO", "FOO bar baz", "foo"],
        ["CLIENT", "CLIENT FOO", "CLIENT GETNAME", "CLIENT SETNAME a", "CLIENT GETNAME", "CLIENT ID x"],
        [#"CLIENT SETNAME "a b""#, #"CLIENT SETNAME """#, "CLIENT GETNAME"],
        ["HELLO 4", "HELLO x", "HELLO 3 FOO", "HELLO 2 AUTH joe x"],
        ["AUTH joe x", "AUTH default x", "AUTH"],
        ["RESET", "PING"],
        ["QUIT", "PING"],
        ["SUBSCRIBE peers", "PING", "PING x", "PING x y", "ECHO x", "FOO", "HELLO 3", "SELECT 0"],
        ["SUBSCRIBE peers", "UNSUBSCRIBE", "ECHO x"],
        ["SUBSCRIBE peers peers", "SUBSCRIBE peers", "UNSUBSCRIBE peers", "UNSUBSCRIBE peers", "PING"],
        ["UNSUBSCRIBE", "UNSUBSCRIBE a b", "SUBSCRIBE"],
        ["SUBSCRIBE peers", "RESET", "PING"],
        ["HELLO 3", "SUBSCRIBE peers", "PING", "ECHO x", "CLIENT GETNAME", "UNSUBSCRIBE", "UNSUBSCRIBE"],
        ["HELLO 3 SETNAME foo", "CLIENT GETNAME", "CONFIG GET save", "CONFIG GET nosuch"],
        ["CONFIG GET save", "CONFIG GET nosuch", "CONFIG GET", "CONFIG", "CONFIG FOO"],
        ["COMMAND COUNT x", "COMMAND FOO", "COMMAND INFO nosuch", "COMMAND DOCS nosuch"],
        ["INFO nosuch", "", "  ", "'PING'", #""PI\x4eG""#],
        [#""PING"#], [#""PING"x"#], ["SEARCH \"open"],
        ["*0\r", "PING"], ["*-1\r", "PING"], ["*x\r", "PING"], ["*1\r\n:4\r", "PING"], ["*1\r\n$-1\r"], ["*1\r\n*1\r"],
        ["*2147483648\r"], ["*1\r\n$999999999999\r"],
        ["*2\r\n$4\r\nECHO\r\n$1\r\na\r\n$1\r", "b"],
    ]

    @Test(
        "errors, states and shapes are those of Redis 7",
        .enabled(if: Tool.redisServer.isInstalled, "redis-server is not installed"))
    func sameAsRedis() throws {
        let redisPort = try ProofPort.unused()
        let redis = try ChildProcess(
            Tool.redisServer.path,
            ["--port", "\(redisPort)", "--bind", "127.0.0.1", "--databases", "1", "--save", "", "--daemonize", "no"])
        try redis.expect("Ready to accept connections")
        try IndexFixture.run { index in
            for session in Self.sessions {
                let theirs = try Self.answers(to: session, on: redisPort)
                #expect(try Self.answers(to: session, on: index.port) == theirs, "\(session)")
            }
        }
    }

    @Test("HELLO 3 gives maps, nulls, truth values and pushes of RESP3; RESP2 has flat arrays and bulk strings")
    func shapes() throws {
        try IndexFixture.run { index in
            let two = try index.client()
            let three = try index.client()
            guard case .map = try three.ask("HELLO 3") else { throw TestFailure("HELLO 3: no map") }
            #expect(try two.ask("REG * * 9001 NAMES a").array?.count == 16)
            guard case .map = try three.ask("REG * * 9002 NAMES a") else { throw TestFailure("REG: no map") }
            #expect(
                try three.ask("SEARCH a").text == #"[1, "0", [{"name": "a", "size": nil, "root": nil, "sources": "#
                    + #"[[1, "127.0.0.1", 9001, "m", nil], [2, "127.0.0.1", 9002, "m", nil]], "count": 2}]]"#)
            #expect(three.lastRaw.contains(Bytes("$4\r\nsize\r\n_\r\n".utf8)))
            _ = try two.ask("SEARCH a")
            #expect(two.lastRaw.contains(Bytes("$4\r\nsize\r\n$-1\r\n".utf8)))
            #expect(
                try three.ask("PEERS").text
                    == "["
                    + [(1, 9_001), (2, 9_002)].map {
                        "{\"id\": \($0), \"host\": \"127.0.0.1\", \"port\": \($1), \"name\": nil, \"files\": 1, "
                            + "\"bytes\": 0, \"idle\": 0, \"reachable\": nil}"
                    }.joined(separator: ", ") + "]")
            #expect(
                try three.ask("BROWSE 1").text == #"[1, "0", [{"name": "a", "size": nil, "root": nil}]]"#)
            #expect(try three.ask("SUBSCRIBE peers").text == #">["subscribe", "peers", 1]"#)
            two.close()
            #expect(
                try three.reply().text.hasPrefix(
                    #">["message", "peers", "{\"event\":\"leave\",\"id\":1,"#
                        .replacing("\\\"", with: "\"")))
            guard case .verbatim(format: Bytes("txt".utf8), _) = try three.ask("CLIENT LIST") else {
                throw TestFailure("CLIENT LIST: no verbatim string")
            }
        }
    }

    @Test("what a Redis 7.2 client says of itself is taken: CLIENT SETINFO, ID, LIST, INFO, COMMAND DOCS")
    func introductions() throws {
        try IndexFixture.run { index in
            let client = try index.client()
            #expect(try client.command(["CLIENT", "SETINFO", "LIB-NAME", "test(lib_v1)"]).text == "+OK")
            #expect(try client.command(["CLIENT", "SETINFO", "LIB-VER", "1.0"]).text == "+OK")
            #expect(try client.command(["CLIENT", "SETINFO", "LIB-NAME", "a b"]).text.hasPrefix("-ERR lib-name"))
            #expect(try client.command(["CLIENT", "SETINFO", "FOO", "b"]).text == "-ERR Unrecognized option 'FOO'")
            let id = try client.ask("CLIENT ID").text
            let list = String(decoding: try client.ask("CLIENT LIST").bytes ?? [], as: UTF8.self)
            #expect(list.hasPrefix("id=\(id) addr=127.0.0.1:") && list.contains(" lib-name=test(lib_v1)"))
            let docs = try client.ask("COMMAND DOCS reg nosuch")
            #expect(docs.text == #"["reg", ["summary", "Registers a peer with its port and its list"]]"#)
            let count = try client.ask("COMMAND COUNT").integer
            #expect(try client.ask("COMMAND").array?.count == count)
            #expect(try client.ask("COMMAND LIST").array?.count == count)
            #expect(try client.ask("COMMAND INFO search").text == #"[["search", -2, [], 0, 0, 0]]"#)
        }
    }

    static let mistakes = [
        ("REG", "-ERR wrong number of arguments for 'reg' command"), ("REG * * x", "-ERR REG: port is not a number"),
        ("REG x * 9001", "-ERR REG: id is not a number"), ("REG * * 9001 FOO x", "-ERR REG: unknown option 'FOO'"),
        ("REG * * 9001 LEASE 0", "-ERR REG: LEASE"), ("REG * * 9001 OWNERSHIP mine", "-ERR REG: OWNERSHIP"),
        ("REG * * 9001 CERT 00", "-ERR REG: CERT"), ("REG * * 9001 NAME", "-ERR wrong number of arguments for 'reg'"),
        ("REG * * 9001 FILES a 1", "-ERR "), ("REG * * 9001 NAMES ../x", "-ERR REG: "),
        ("REG * * 9001 NAMES /x", "-ERR REG: "), ("UPD ADD NAMES x", "-ERR UPD: not registered"),
        ("UPD FOO x", "-ERR UPD: "), ("SEARCH", "-ERR wrong number of arguments for 'search' command"),
        ("SEARCH x LIMIT 0", "-ERR SEARCH: LIMIT"), ("SEARCH x LIMIT 1001", "-ERR SEARCH: LIMIT"),
        ("SEARCH x CURSOR nosuch", "-ERR SEARCH: "), ("SEARCH size:>x", "-ERR "), ("BROWSE 77", "-ERR BROWSE: "),
        ("BROWSE x", "-ERR BROWSE: id"), ("SOURCES ../x", "-ERR SOURCES: "),
        ("SUBSCRIBE foo", "-ERR SUBSCRIBE: channel 'foo'"), ("SUBSCRIBE search:", "-ERR "),
        ("TICKET * x", "-ERR TICKET: "), ("KICK 1", "-ERR KICK: no peer"),
        ("CONFIG SET save x", "-ERR CONFIG SET: 'save'"),
        ("USER LIST x", "-ERR "), ("TICKET * 1", "-ERR TICKET: this index is open"),
    ]

    @Test("bad input gets an error that names the command and the fault, and the connection goes on")
    func errors() throws {
        try IndexFixture.run { index in
            let client = try index.client()
            for (line, start) in Self.mistakes {
                let answer = try client.ask(line).text
                #expect(answer.hasPrefix(start), "\(line): \(answer)")
            }
            #expect(try client.ask("PING").text == "+PONG")
            #expect(try client.ask("PEERS").text == "[]")
        }
    }

    /// Everything that comes back; what differs between two right servers is blanked.
    private static func answers(to lines: [String], on port: Int) throws -> String {
        let client = try WireClient(port: port)
        for line in lines + ["QUIT"] { client.type(line) }
        guard let bytes = client.end(within: 5) else { throw TestFailure("\(lines): not closed") }
        return String(decoding: bytes, as: UTF8.self)
            .replacing(#/\$\d+\r\n7\.\d+\.\d+/#, with: "VERSION").replacing(#/id\r\n:\d+/#, with: "ID")
    }
}
