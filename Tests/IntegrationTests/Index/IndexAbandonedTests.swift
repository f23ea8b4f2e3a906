import P2PProtocol
import TestSupport
import Testing

/// Work of many steps whose connection is gone before the last of them.
@Suite struct IndexAbandonedTests {
    @Test("[attack A10] a long REG is given up when its connection is reset: its peer was never there")
    func register() throws {
        try IndexFixture.run { index in
            let words = ["REG", "*", "*", "9001", "NAMES"] + (0..<60_000).map { "name\($0)" }
            var (isGivenUp, id) = (false, 1)
            // On a busy machine the reset may come too late: then again.
            while !isGivenUp, id < 16 {
                try index.wait(for: "INFO") { $0.text.contains("\r\nentries:0\r\n") }
                let peer = try index.client()
                peer.send(WireClient.array(words.map { Bytes($0.utf8) }))
                try index.wait(for: "INFO") { !$0.text.contains("\r\nentries:0\r\n") }
                peer.abort()
                try index.wait(for: "INFO") { $0.text.contains("\r\nentries:0\r\n") }
                // What the log says of the next one it says after all of this.
                _ = try index.sharer(["next"])
                try index.process.expect("peer.registered files=1 id=\(id + 1) ", onError: true)
                isGivenUp = !index.process.errorText.contains(" id=\(id) ")
                id += 2
            }
            #expect(isGivenUp)
        }
    }

    @Test("[attack A10] searches of many steps are given up when their connections are reset")
    func search() throws {
        try IndexFixture.run { index in
            let peer = try index.client()
            let names = (0..<60_000).map { "the file of \($0)" }
            #expect(try peer.command(["REG", "*", "*", "9001", "NAMES"] + names)["files"]?.integer == 60_000)
            let askers = try (0..<16).map { _ in try index.client() }
            let search = ["SEARCH", "the -\"file the\"", "LIMIT", "1"]
            #expect(try peer.command(search)[0]?.integer == 60_000)
            #expect(try peer.ask("INFO").text.contains("total_error_replies:0\r\n"))
            let both = WireClient.array([Bytes("PING".utf8)]) + WireClient.array(search.map { Bytes($0.utf8) })
            for asker in askers { asker.send(both) }
            for asker in askers {
                // It comes when the first step of the search has been done.
                #expect(try asker.reply().text == "+PONG")
                asker.abort()
            }
            try index.wait(for: "INFO") { $0.text.contains("connected_clients:2\r\n") }
            #expect(try !peer.ask("INFO").text.contains("total_error_replies:0\r\n"))
        }
    }

    @Test("who has only finished writing gets the answer of work of many steps")
    func halfClosed() throws {
        try IndexFixture.run { index in
            let peer = try index.client()
            let names = (0..<4_000).map { "name\($0)" }
            peer.send(WireClient.array((["REG", "*", "*", "9001", "NAMES"] + names).map { Bytes($0.utf8) }))
            peer.finishWriting()
            #expect(String(decoding: peer.end() ?? [], as: UTF8.self).contains("$5\r\nfiles\r\n:4000\r\n"))
        }
    }
}
