import P2PProtocol
import TestSupport
import Testing

/// Connections to the index that break in the middle of what they say.
@Suite struct IndexBrokenOffTests {
    /// A registration as people type it, and as programs send it.
    private static let registrations: [Bytes] = [
        Bytes("REG * * 9001 NAMES calm sea\r\n".utf8),
        WireClient.array(["REG", "*", "*", "9001", "NAMES", "calm", "sea"].map { Bytes($0.utf8) }),
        WireClient.array(["HELLO", "3"].map { Bytes($0.utf8) })
            + WireClient.array(
                ["REG", "*", "*", "9001", "FILES", "calm", "5", String(repeating: "a", count: 64)].map {
                    Bytes($0.utf8)
                }),
    ]

    @Test("[fault F26] a registration that breaks off at any byte is none, closed or reset", arguments: registrations)
    func registration(_ bytes: Bytes) throws {
        try IndexFixture.run { index in
            let canary = try index.client()
            for cut in 0..<bytes.count {
                for isReset in [false, true] {
                    let client = try index.client()
                    client.send(Bytes(bytes[..<cut]))
                    if isReset { client.abort() } else { client.close() }
                }
                // What it said is on its way before this: were it half believed, somebody would see it.
                #expect(try canary.ask("PEERS").array?.isEmpty == true, "cut at \(cut)")
            }
            try index.wait(for: "INFO") {
                $0.text.contains("connected_clients:2\r\n") && $0.text.contains("peers:0\r\n")
            }
            // Whole, and then lost: it was there, and is gone.
            let whole = try index.client()
            whole.send(bytes)
            try index.wait(for: "PEERS") { $0.array?.count == 1 }
            whole.abort()
            try index.wait(for: "PEERS") { $0.array?.isEmpty == true }
            #expect(try canary.ask("CHECK calm").text.contains("NOT_EXIST"))
        }
    }

    @Test("[fault F26] a list that is extended holds what it held when the extension breaks off at any byte")
    func extended() throws {
        try IndexFixture.run { index in
            let bytes = WireClient.array(["UPD", "ADD", "NAMES", "sea", "sky"].map { Bytes($0.utf8) })
            let canary = try index.client()
            for cut in 0..<bytes.count {
                let client = try index.sharer(["calm"])
                client.send(Bytes(bytes[..<cut]))
                #expect(try canary.ask("CHECK sea").text.contains("NOT_EXIST"), "cut at \(cut)")
                client.abort()
                try index.wait(for: "PEERS") { $0.array?.isEmpty == true }
            }
        }
    }
}
