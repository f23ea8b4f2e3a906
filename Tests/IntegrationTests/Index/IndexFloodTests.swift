import P2PProtocol
import TestSupport
import Testing

/// Many clients at once, or one that never rests. One test after another: they measure memory.
@Suite(.serialized) struct IndexFloodTests {
    @Test("[attack A7] clients that ask ten thousand times in one write and never read take 320 KiB each and no more")
    func deafCrowd() throws {
        try IndexFixture.run { index in
            let tail = String(repeating: "x", count: 900)
            let peer = try index.sharer((0..<60).map { "common \($0) \(tail)" })
            let before = try index.peakKiB
            let questions = Bytes(String(repeating: "SEARCH common LIMIT 15\n", count: 10_000).utf8)
            let deaf = try (0..<(Tool.isLongRun ? 500 : 50)).map { _ in
                let client = try WireClient(port: index.port, receiveBuffer: 4_096)
                client.send(questions, within: 0)
                return client
            }
            let waiting = "rookery_index_waiting_output_bytes"
            try TestClock.wait(for: "all of them held back", within: 120) {
                try index.metric(waiting) >= deaf.count * 256 << 10
            }
            #expect(try peer.ask("PING").text == "+PONG")
            #expect(try index.metric(waiting) <= deaf.count * 320 << 10)
            #expect(try index.peakKiB - before <= deaf.count * 320 + 8 << 10)
            #expect(try index.metric("rookery_index_commands_total") < deaf.count * 10_000)
            if Tool.isLongRun {
                try TestClock.wait(for: "their end", within: 120) {
                    try index.reached("slowReader") == deaf.count && index.metric(waiting) == 0
                }
                try index.process.expect("limit=slowReader", onError: true)
            }
            for client in deaf { client.abort() }
            try TestClock.wait(for: "nothing waiting") { try index.metric(waiting) == 0 }
        }
    }

    @Test("[attack A7] clients that ask without end let others have their turn after a few of their questions")
    func turns() throws {
        let scratch = try ScratchFolder()
        let path = try scratch.write("c.json", Bytes(#"{"index": {"loops": 1}}"#.utf8))
        try IndexFixture.run(["--config", path]) { index in
            let peer = try index.sharer((0..<500).map { "common \($0)" })
            let questions = Bytes(String(repeating: "SEARCH common -nothing LIMIT 1\n", count: 3_000).utf8)
            let asking = try (0..<20).map { _ in
                let client = try index.client()
                client.send(questions, within: 0)
                return client
            }
            var (before, most) = (try index.processedCommands(peer), 0)
            for _ in 0..<10 {
                let now = try index.processedCommands(peer)
                (before, most) = (now, max(most, now - before))
            }
            // All that one read brings, of each of them, would be 20,000.
            #expect(most < 5_000)
            withExtendedLifetime(asking) {}
        }
    }

    /// KiB that such an index may take: besides what waits, each loop has a buffer of megabytes that is there twice while
    /// it grows, and the allocator keeps some of those that went. Without the limit it would be hundreds of MiB.
    private static let riseOfSmallTotal = (16 + 20) << 10

    /// An index whose connections may keep 16 MiB waiting together.
    private static func runWithSmallTotal(_ body: (IndexFixture) throws -> Void) throws {
        let scratch = try ScratchFolder()
        let path = try scratch.write("c.json", Bytes(#"{"index": {"limits": {"outputTotal": "16M"}}}"#.utf8))
        try IndexFixture.run(["--config", path], body)
    }

    @Test("[attack A7] what waits for all readers together stays within its limit, however fast it comes")
    func outputTotal() throws {
        try Self.runWithSmallTotal { index in
            let tail = String(repeating: "x", count: 900)
            let peer = try index.sharer((0..<2_000).map { "common \($0) \(tail)" })
            let before = try index.peakKiB
            let question = Bytes(String(repeating: "SEARCH common LIMIT 1000\n", count: 8).utf8)
            let deaf = try (0..<(Tool.isLongRun ? 200 : 100)).map { _ in
                let client = try WireClient(port: index.port, receiveBuffer: 1)
                client.send(question, within: 0)
                return client
            }
            try TestClock.wait(for: "evictions", within: 120) {
                #expect(try index.metric("rookery_index_waiting_output_bytes") <= 16 << 20)
                return try index.reached("outputTotal") >= deaf.count / 2
            }
            let rise = try index.peakKiB - before
            #expect(rise <= Self.riseOfSmallTotal)
            #expect(try peer.ask("SEARCH common LIMIT 10")[2]?.array?.count == 10)
            try index.process.expect("limit=outputTotal", onError: true)
            withExtendedLifetime(deaf) {}
        }
    }

    @Test("[attack A4] long commands that begin and never end stay within the limit of all that waits")
    func unfinished() throws {
        try Self.runWithSmallTotal { index in
            let canary = try index.client()
            #expect(try canary.ask("PING").text == "+PONG")
            let before = try index.peakKiB
            let beginning = Bytes("*2\r\n$4\r\nECHO\r\n$15000000\r\n".utf8) + Bytes(repeating: 120, count: 2 << 20)
            let clients = try (0..<(Tool.isLongRun ? 500 : 40)).map { _ in
                let client = try index.client()
                client.send(beginning, within: 1)
                return client
            }
            try TestClock.wait(for: "evictions", within: 60) {
                #expect(try index.metric("rookery_index_waiting_output_bytes") <= 16 << 20)
                return try index.reached("outputTotal") >= clients.count / 2
            }
            let rise = try index.peakKiB - before
            #expect(rise <= Self.riseOfSmallTotal)
            #expect(try canary.ask("PING").text == "+PONG")
            withExtendedLifetime(clients) {}
        }
    }

    @Test("[attack A10] a storm of connections that are reset at once keeps nobody from being answered")
    func storm() throws {
        try IndexFixture.runBesideCanary { index, before in
            let canary = try index.client()
            let files = index.openDescriptors
            let count = Tool.isLongRun ? 300_000 : 10_000
            for round in 1...count {
                let client = try index.client()
                if round % 4 == 0 { client.send(Bytes("*3\r\n$5".utf8)) }
                client.abort()
                if round % 500 == 0 {
                    canary.type("PING")
                    #expect(try canary.reply(within: 5).text == "+PONG")
                }
            }
            try index.wait(for: "INFO clients") { $0.text.contains("connected_clients:3\r\n") }
            #expect(try index.metric("rookery_index_connections_total") >= count)
            #expect(try index.residentKiB - before < 16 << 10)
            // Those of the state may have come since.
            try TestClock.wait(for: "all descriptors back") { index.openDescriptors <= files + 8 }
        }
    }

    @Test("[attack A10] connections beyond the limit are told so, counted and logged; one that ends makes room")
    func tooMany() throws {
        let scratch = try ScratchFolder()
        let path = try scratch.write("c.json", Bytes(#"{"index": {"limits": {"connections": 20}}}"#.utf8))
        try IndexFixture.run(["--config", path]) { index in
            var clients = try (0..<20).map { _ in try index.client() }
            for client in clients { #expect(try client.ask("PING").text == "+PONG") }
            for _ in 0..<200 { #expect(try index.client().reply().text == "-ERR max number of clients reached") }
            #expect(try clients[7].ask("PING").text == "+PONG")
            for client in clients.suffix(5) { client.abort() }
            clients.removeLast(5)
            try TestClock.wait(for: "room") { (try? index.reached("connections")) ?? 0 >= 200 }
            #expect(try index.metric("rookery_index_refused_connections_total") >= 200)
            try index.process.expect("limit=connections ", onError: true)
        }
    }

    @Test("[attack A15] peers that come, change and go without end take no more memory than a few rounds of it")
    func churn() throws {
        try IndexFixture.run(["--log-level", "warning"]) { index in
            let peers = try (0..<20).map { number in
                let client = try index.client()
                #expect(try client.ask("REG * * \(9_001 + number) NAMES first\(number)")["id"]?.integer != nil)
                return client
            }
            var churn = Churn(index: index, peers: peers)
            try churn.run(rounds: Tool.isLongRun ? 3_000 : 20)
            let warm = try index.residentKiB
            let (contents, start) = (try index.metric("rookery_index_contents"), TestClock.now)
            repeat {
                try churn.run(rounds: Tool.isLongRun ? 500 : 40)
            } while Tool.isLongRun && TestClock.now < start + 600
            #expect(churn.faults == 0)
            let minutes = Int((TestClock.now - start) / 60)
            #expect(try index.residentKiB - warm <= (2 + minutes) << 10)
            #expect(try index.metric("rookery_index_contents") == contents)
            #expect(try index.metric("rookery_index_peers") == peers.count)
            #expect(try index.metric("rookery_index_entries") == peers.count)
        }
    }
}

/// REG, UPD and RESET on a few connections, ten rounds of them in one write.
private struct Churn {
    let index: IndexFixture
    let peers: [WireClient]
    private(set) var faults = 0
    private var round = 0

    init(index: IndexFixture, peers: [WireClient]) {
        (self.index, self.peers) = (index, peers)
    }

    mutating func run(rounds: Int) throws {
        for _ in 0..<rounds {
            round += 1
            for (number, peer) in peers.enumerated() {
                let cycles = (0..<10).map { cycle in
                    """
                    REG * * \(9_001 + number) NAMES w\(cycle)/song\(number) w\(cycle)/common w\(cycle)/a\((round + cycle) % 50)
                    UPD ADD NAMES w\(cycle)/b\(number) more/c\(cycle)
                    UPD DEL w\(cycle)/common
                    RESET

                    """
                }
                peer.send(Bytes(cycles.joined().utf8) + Bytes("REG * * \(9_001 + number) NAMES first\(number)\n".utf8))
            }
            for peer in peers {
                for _ in 0..<41 where try peer.reply().errorLine != nil { faults += 1 }
            }
        }
    }
}
