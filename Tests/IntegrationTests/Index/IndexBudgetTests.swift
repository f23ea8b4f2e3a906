import P2PProtocol
import TestSupport
import Testing

/// Back-pressure: what readers who are slow, and floods, may take up. Each limit is counted and named in the log.
@Suite struct IndexBudgetTests {
    /// An index whose longest answer is many times what a kernel buffers.
    private static func run(
        _ limits: String, _ body: (IndexFixture, WireClient) throws -> Void
    ) throws {
        let scratch = try ScratchFolder()
        let path = try scratch.write("c.json", Bytes("{\"index\": {\"limits\": {\(limits)}}}".utf8))
        try IndexFixture.run(["--config", path]) { index in
            let tail = String(repeating: "x", count: 900)
            let peer = try index.sharer((0..<4_000).map { "common \($0) \(tail)" })
            try body(index, peer)
        }
    }

    private static func reached(_ limit: String, _ index: IndexFixture) throws -> Int {
        let text = try index.client().ask("INFO limits").text
        let line = text.split(separator: "\r\n").first { $0.contains("limit_\(limit):") }
        return line.flatMap { Int($0.drop { $0 != ":" }.dropFirst().prefix { $0.isNumber }) } ?? 0
    }

    private static func deaf(_ index: IndexFixture, pages: Int) throws -> WireClient {
        let client = try WireClient(port: index.port, receiveBuffer: 1)
        for _ in 0..<pages { client.type("SEARCH common LIMIT 1000") }
        return client
    }

    @Test("[attack A13] a reader who takes nothing is closed when its patience is over; the others go on")
    func slowReader() throws {
        try Self.run(#""patience": 1"#) { index, peer in
            let deaf = try (0..<5).map { _ in try Self.deaf(index, pages: 4) }
            try TestClock.wait(for: "all of them closed") { try Self.reached("slowReader", index) == deaf.count }
            try index.wait(for: "INFO clients") { $0.text.contains("connected_clients:2\r\n") }
            #expect(try peer.ask("PING").text == "+PONG")
            try index.process.expect("limit=slowReader", onError: true)
        }
    }

    @Test("[attack A13] a reader who takes a byte now and then is no better than one who takes none")
    func trickle() throws {
        try Self.run(#""patience": 1"#) { index, _ in
            let slow = try Self.deaf(index, pages: 4)
            try TestClock.wait(for: "end") {
                slow.take(1)
                return try Self.reached("slowReader", index) == 1
            }
        }
    }

    @Test("[attack A4] a command that begins and does not go on is given up when its patience is over")
    func slowWriter() throws {
        try Self.run(#""patience": 1"#) { index, peer in
            let stalled = try index.client()
            stalled.send(Bytes("*3\r\n$4\r\nECHO".utf8))
            #expect(stalled.end(within: 10) != nil)
            #expect(try Self.reached("slowWriter", index) == 1)
            #expect(try peer.ask("PING").text == "+PONG")
        }
    }

    @Test("[attack A7] an answer longer than may wait for one reader ends that reader")
    func outputBytes() throws {
        try Self.run(#""outputBytes": "256K""#) { index, peer in
            let deaf = try Self.deaf(index, pages: 4)
            try TestClock.wait(for: "end") { try Self.reached("outputBytes", index) == 1 }
            #expect(deaf.end(within: 10) != nil)
            #expect(try peer.ask("SEARCH common LIMIT 10")[2]?.array?.count == 10)
        }
    }

    @Test(
        "[attack A7] [attack A14] when all slow readers together take too much, the greatest goes")
    func outputTotal() throws {
        try Self.run(#""outputTotal": "8M""#) { index, peer in
            let deaf = try (0..<30).map { _ in try Self.deaf(index, pages: 8) }
            try TestClock.wait(for: "evictions") { try Self.reached("outputTotal", index) >= 5 }
            #expect(try peer.ask("SEARCH common LIMIT 10")[2]?.array?.count == 10)
            let text = String(decoding: try IndexAPITests.ask(index, "/metrics").body, as: UTF8.self)
            let waiting = text.split(separator: "\n").first { $0.hasPrefix("rookery_index_waiting_output_bytes ") }
            #expect((waiting?.split(separator: " ").last.flatMap { Int($0) } ?? .max) <= 8 << 20)
            withExtendedLifetime(deaf) {}
        }
    }

    @Test("[attack A9] a flood of refusals writes one line a second into the log, and counts the rest")
    func flood() throws {
        let scratch = try ScratchFolder()
        let limits = #"{"index": {"limits": {"connectionsPerAddress": 1, "countLoopback": true}}}"#
        let path = try scratch.write("c.json", Bytes(limits.utf8))
        try IndexFixture.run(["--config", path]) { index in
            let only = try index.client(from: "127.0.0.3")
            #expect(try only.ask("PING").text == "+PONG")
            for _ in 0..<100 { _ = try index.client(from: "127.0.0.3").reply() }
            #expect(try only.ask("INFO limits").text.contains("limit_connectionsPerAddress:100"))
            try index.process.expect("limit=connectionsPerAddress", onError: true)
            let lines = index.process.errorText.split(separator: "\n").filter {
                $0.contains("limit.reached") && $0.contains("client=127.0.0.3:")
            }
            #expect(!lines.isEmpty && lines.count < 50)
        }
    }

    @Test("[attack A16] a connection has so many subscriptions and no more; what it has goes on")
    func subscriptions() throws {
        try IndexFixture.run { index in
            let client = try index.client()
            client.type((0..<1_000).map { "SUBSCRIBE search:w\($0)" }.joined(separator: "\n"))
            for _ in 0..<1_000 { _ = try client.reply() }
            #expect(try client.ask("SUBSCRIBE search:more").text.hasPrefix("-ERR SUBSCRIBE: "))
            #expect(try Self.reached("subscriptions", index) == 1)
            let peer = try index.sharer(["w7 is here"])
            #expect(try client.reply().text.contains("search:w7"))
            withExtendedLifetime(peer) {}
        }
    }

    @Test("[attack A18] an index whose hashes can be foretold says so")
    func hashing() throws {
        let scratch = try ScratchFolder()
        let tool = try ChildProcess(
            "index-server", ["--port", "0", "--dir", scratch.file("state")],
            environment: ["SWIFT_DETERMINISTIC_HASHING": "1"], folder: scratch.path)
        _ = try tool.firstLine()
        try tool.expect("server.hashing_predictable", onError: true)
    }
}
