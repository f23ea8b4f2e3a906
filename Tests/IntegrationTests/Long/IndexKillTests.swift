import Glibc
import P2PProtocol
import TestSupport
import Testing

/// `kill -9` in the middle of work: what was acknowledged as durable is there afterwards.
@Suite struct IndexKillTests {
    @Test("[fault F1] an index that is killed again and again under load loses no id, no token and no META")
    func kills() throws {
        let scratch = try ScratchFolder()
        var ledger = Ledger()
        var seeded = Seeded(seed: 9)
        for cycle in 0..<(Tool.isLongRun ? 200 : 3) {
            let index = try IndexFixture(["--log-level", "warning"], scratch: scratch)
            try ledger.check(index, all: cycle % 20 == 19)
            try ledger.work(index, acknowledgements: .random(in: 1...150, using: &seeded), cycle: cycle)
        }
        let index = try IndexFixture(scratch: scratch)
        try ledger.check(index, all: true)
        #expect(ledger.faults.isEmpty, "\(ledger.faults.prefix(5))")
        #expect(ledger.acknowledged > 0)
        try index.stop()
    }
}

/// What the index has acknowledged.
private struct Ledger {
    private(set) var faults: [String] = []
    private var tokens: [(id: Int, token: String)] = []
    private var titles: [(title: String, value: String)] = []
    private var firstNewToken = 0
    private var firstNewTitle = 0

    var acknowledged: Int { tokens.count + titles.count }

    /// Keeps several connections busy, kills the index once so much was acknowledged, and notes what came until then.
    mutating func work(_ index: IndexFixture, acknowledgements: Int, cycle: Int) throws {
        (firstNewToken, firstNewTitle) = (tokens.count, titles.count)
        let writer = try index.client()
        var registrants: [WireClient] = []
        var asked = 0
        while tokens.count - firstNewToken < acknowledgements {
            // Several at once, so that the kill meets commits on their way.
            for _ in 0..<8 {
                let client = try index.client()
                client.type("REG * * 9001 NAMES a\(asked) b\(asked)")
                registrants.append(client)
                writer.type("META ADD t\(cycle).\(asked) artist a\(asked)")
                asked += 1
            }
            note(try registrants[tokens.count - firstNewToken].reply())
        }
        try index.kill()
        for client in registrants[(tokens.count - firstNewToken)...] {
            guard let reply = try? client.reply() else { continue }
            note(reply)
        }
        for number in 0..<asked {
            guard let reply = try? writer.reply() else { break }
            if reply.integer == 1 { titles.append(("t\(cycle).\(number)", "a\(number)")) }
        }
    }

    private mutating func note(_ reply: Reply) {
        guard let id = reply["id"]?.integer, let token = reply["token"]?.bytes else {
            return faults.append("REG answered \(reply.text)")
        }
        if tokens.contains(where: { $0.id == id }) { faults.append("id \(id) was given twice") }
        tokens.append((id, String(decoding: token, as: UTF8.self)))
    }

    /// Whether what the last cycle (or every one) had acknowledged is still there.
    mutating func check(_ index: IndexFixture, all: Bool) throws {
        let client = try index.client()
        for (id, token) in tokens[(all ? 0 : firstNewToken)...] {
            let reply = try index.client().command(["REG", "\(id)", "*", "9002", "TOKEN", token])
            if reply["id"]?.integer != id { faults.append("REG \(id): \(reply.text)") }
        }
        for (title, value) in titles[(all ? 0 : firstNewTitle)...] {
            let reply = try client.command(["META", "GET", title])
            if !reply.text.contains("\"\(value)\"") { faults.append("META GET \(title): \(reply.text)") }
        }
    }
}
