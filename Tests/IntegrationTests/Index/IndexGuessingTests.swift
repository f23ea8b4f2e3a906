import P2PProtocol
import TestSupport
import Testing

/// Those who guess. One test after another: they measure memory and time.
@Suite(.serialized) struct IndexGuessingTests {
    @Test("[attack A23] guesses that come all at once are few, and keep nobody else waiting")
    func burst() throws {
        let index = try IndexFixture.closed(limits: ["COUNT_LOOPBACK": "true"])
        let crowd = try (0..<40).map { _ in try index.client(from: "127.0.0.9") }
        for client in crowd { client.send(Bytes(ascii: "AUTH bob not-it-at-all\n"), within: 0) }
        let ann = try index.client(from: "127.0.0.7")
        #expect(try ann.ask("AUTH ann swordfish").text == "+OK")
        let answers = try crowd.map { try $0.reply().text }
        #expect(answers.filter { $0.hasPrefix("-WRONGPASS") }.count <= 8)
        #expect(answers.contains { $0.hasPrefix("-ERR busy") })
        try index.stop()
    }

    @Test("[attack A21] an unknown user and a wrong password get the same answer and cost the same time")
    func indistinguishable() throws {
        let index = try IndexFixture.closed(limits: ["LOGIN_DELAY": "0"])
        let rounds = Tool.isLongRun ? 1_000 : 10
        var (costs, answers) = ([0, 0], Set<String>())
        for _ in 0..<rounds {
            for (kind, user) in ["bob", "nobody"].enumerated() {
                let before = try index.processorTicks
                let client = try index.client()
                for _ in 0..<2 { answers.insert(try client.ask("AUTH \(user) not-it-at-all").text) }
                costs[kind] += try index.processorTicks - before
            }
        }
        #expect(answers.count == 1)
        let ratio = Double(costs[0]) / Double(max(1, costs[1]))
        let tolerance = Tool.isLongRun ? 0.02 : 0.25
        #expect(abs(ratio - 1) < tolerance, "\(costs)")
        try index.stop()
    }

    @Test("[attack A24] a crowd that logs in at once takes the memory of a few, and is told when it is too many")
    func crowd() throws {
        let index = try IndexFixture.closed(limits: ["LOGIN_DELAY": "0"])
        let before = try index.residentKiB
        let crowd = try (0..<400).map { number in
            let client = try index.client()
            client.type("AUTH user\(number) not-it-at-all")
            return client
        }
        // The queue is full long before a few of them are compared.
        try index.process.expect("limit=waitingLogins", onError: true)
        #expect(try index.peakKiB - before < (Tool.usableProcessors * 20 + 24) << 10)
        // Who is in already notices nothing.
        #expect(try WireClient(port: index.port).ask("PING").text == "-NOAUTH Authentication required.")
        for client in crowd { client.close() }
        try index.kill()
    }

    @Test("[attack A23] whoever fails again and again waits, and is refused in the end; others do not wait")
    func delayed() throws {
        let index = try IndexFixture.closed(limits: ["LOGIN_DELAY": "60", "COUNT_LOOPBACK": "true"])
        let guesser = try index.client()
        #expect(try guesser.ask("AUTH bob not-it-at-all").text.hasPrefix("-WRONGPASS"))
        let waiting = try (0..<2).map { _ in
            let client = try index.client()
            client.type("AUTH bob swordfish")
            return client
        }
        try index.process.expect("limit=loginDelay", onError: true)
        let elsewhere = try index.client(from: "127.0.0.9")
        #expect(try elsewhere.ask("AUTH bob swordfish").text == "+OK")
        withExtendedLifetime(waiting) {}
        try index.kill()
    }
}
