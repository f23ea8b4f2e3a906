import P2PProtocol
import TestSupport
import Testing

/// Work of many steps whose connection is gone before the last of them.
@Suite struct IndexAbandonedTests {
    @Test("[attack A10] a long REG is given up when its connection is reset: its peer was never there")
    func register() throws {
        try IndexFixture.run { index in
            let peer = try index.client()
            let names = (0..<60_000).map { "name\($0)" }
            peer.send(WireClient.array((["REG", "*", "*", "9001", "NAMES"] + names).map { Bytes($0.utf8) }))
            try index.wait(for: "INFO") { !$0.text.contains("\r\nentries:0\r\n") }
            peer.abort()
            try index.wait(for: "INFO") { $0.text.contains("\r\nentries:0\r\n") }
            // What the log says of the next one it says after all of this.
            _ = try index.sharer(["next"])
            try index.process.expect("peer.registered files=1 id=2 ", onError: true)
            #expect(!index.process.errorText.contains(" id=1 "))
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
