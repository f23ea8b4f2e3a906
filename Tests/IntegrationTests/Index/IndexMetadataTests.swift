import P2PProtocol
import TestSupport
import Testing

/// META over the wire, and what is left of it after a crash.
@Suite struct IndexMetadataTests {
    @Test("[mission T3] what is known about a title is added, edited, shown, listed and forgotten")
    func verbs() throws {
        try IndexFixture.run { index in
            let client = try index.client()
            #expect(try client.ask("META GET calm").text == "nil")
            #expect(try client.ask("META EDIT calm year 1999").text == "0")
            #expect(try client.ask(#"META ADD Calm artist "A B" year 1999"#).text == "2")
            #expect(try client.ask("META EDIT CALM year 2000 AT 1 BY eve").text == "0")
            #expect(try client.ask("META EDIT CALM year 2000").text == "1")
            #expect(try client.ask("META GET calm").text == #"["artist", "A B", "year", "2000"]"#)
            #expect(
                try client.ask("META ALL LIMIT 5").text
                    == #"[1, "0", [["Calm", ["artist", "A B", "year", "2000"]]]]"#)
            _ = try client.ask("META ADD storm year 1901")
            let page = try client.ask("META ALL LIMIT 1")
            let cursor = String(decoding: page.array?[1].bytes ?? [], as: UTF8.self)
            #expect(
                try client.ask("META ALL LIMIT 1 CURSOR \(cursor)").text == #"[2, "0", [["storm", ["year", "1901"]]]]"#)
            #expect(try client.ask("META DEL STORM").text == "1")
            #expect(try client.ask("META DEL storm").text == "0")
            #expect(try client.ask("META ALL CURSOR x").text.hasPrefix("-ERR META ALL: CURSOR"))
        }
    }

    @Test("[mission T6] [fault F1] every change that was answered outlives kill -9, and a clean end leaves no journals")
    func kill() throws {
        var index = try IndexFixture()
        for round in 0..<5 {
            let clients = try (0..<8).map { _ in try index.client() }
            for (number, client) in clients.enumerated() {
                for step in 0..<20 { client.type("META ADD t\(round).\(number) f\(step) \(step)") }
            }
            for client in clients { for _ in 0..<10 { #expect(try client.reply().text == "1") } }
            try index.kill()
            index = try IndexFixture(scratch: index.scratch)
            let asker = try index.client()
            for past in 0...round {
                for number in 0..<8 {
                    let fields = try asker.ask("META GET t\(past).\(number)").array?.count ?? 0
                    #expect(fields >= 20, "t\(past).\(number) has \(fields / 2) fields")
                }
            }
        }
        try index.stop()
    }

    @Test("a value, and fields, beyond the limits are refused by name, and nothing of the command is kept")
    func limits() throws {
        try IndexFixture.run { index in
            let client = try index.client()
            let long = String(repeating: "x", count: 4_097)
            #expect(try client.command(["META", "ADD", "t", "a", "1", "b", long]).text.contains("4096 bytes"))
            #expect(try client.ask("META GET t").text == "nil")
            let fields = (0..<65).flatMap { ["f\($0)", "v"] }
            #expect(try client.command(["META", "ADD", "t"] + fields).text.contains("64 fields"))
            #expect(try client.command(["META", "ADD", "t"] + fields.dropLast(2)).text == "64")
            #expect(try client.command(["META", "ADD", "t", "more", "v"]).text.contains("64 fields"))
        }
    }
}
