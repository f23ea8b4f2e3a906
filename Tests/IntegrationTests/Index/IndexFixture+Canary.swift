import TestSupport
import Testing

extension IndexFixture {
    /// Runs `body` beside a client that must get its answers, before and after; hands over the memory in use.
    static func runBesideCanary(_ body: (IndexFixture, _ residentKiB: Int) throws -> Void) throws {
        try IndexFixture.run { index in
            let canary = try index.client()
            #expect(try canary.ask("PING").text == "+PONG")
            try body(index, try index.residentKiB)
            canary.type("PING")
            #expect(try canary.reply(within: 2).text == "+PONG")
        }
    }
}
