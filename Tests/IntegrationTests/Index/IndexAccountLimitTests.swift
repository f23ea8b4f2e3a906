import P2PProtocol
import TestSupport
import Testing

/// What an account can take up, and how fast it may ask.
@Suite struct IndexAccountLimitTests {
    @Test("an account has so many connections and registrations, and gets them back")
    func counts() throws {
        let index = try IndexFixture.closed(
            limits: ["CONNECTIONS_PER_ACCOUNT": "3", "REGISTRATIONS_PER_ACCOUNT": "2", "LOGIN_DELAY": "0"])
        let bobs = try (0..<3).map { _ in try index.member("bob") }
        let fourth = try index.client()
        #expect(try fourth.ask("AUTH bob swordfish").text == "-ERR this account has as many connections as it may")
        #expect(try fourth.ask("PEERS").text.hasPrefix("-NOAUTH"))
        // Whoever is in may log in again.
        #expect(try bobs[0].ask("AUTH bob swordfish").text == "+OK")
        for number in 0..<2 { #expect(try bobs[number].ask("REG * * 900\(number) NAMES x")["id"]?.integer != nil) }
        #expect(
            try bobs[2].ask("REG * * 9002 NAMES x").text
                == "-ERR REG: your account has as many registered peers as it may")
        #expect(try bobs[1].ask("REG * * 9003 NAMES y")["id"]?.integer != nil)
        #expect(try bobs[0].ask("QUIT").text == "+OK")
        #expect(bobs[0].end() != nil)
        #expect(try bobs[2].ask("REG * * 9002 NAMES x")["id"]?.integer != nil)
        #expect(try fourth.ask("AUTH bob swordfish").text == "+OK")
        #expect(try index.member("ann").ask("REG * * 9004 NAMES x")["id"]?.integer != nil)
        for limit in ["connectionsPerAccount", "registrationsPerAccount"] {
            try index.process.expect("limit=\(limit)", onError: true)
        }
        try index.stop()
    }

    @Test("who asks faster than it may is answered later, all of it")
    func pace() throws {
        let scratch = try ScratchFolder()
        let index = try IndexFixture(
            scratch: scratch,
            environment: [
                "ROOKERY_INDEX_LIMITS_REQUESTS_PER_SECOND": "200", "ROOKERY_INDEX_LIMITS_COUNT_LOOPBACK": "true",
            ])
        let client = try index.client()
        client.send(Bytes(String(repeating: "PING\n", count: 400).utf8))
        for _ in 0..<400 { #expect(try client.reply().text == "+PONG") }
        // Who has had two seconds' worth at once waits for one of them, less what has passed since.
        let start = TestClock.now
        #expect(try client.ask("PING").text == "+PONG")
        #expect(TestClock.now - start > 0.2)
        try index.process.expect("limit=requestsPerSecond", onError: true)
        #expect(try index.client().ask("PING").text == "+PONG")
        try index.stop()
    }
}
