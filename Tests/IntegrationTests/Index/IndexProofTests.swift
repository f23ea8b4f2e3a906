import P2PProtocol
import TestSupport
import Testing

/// FILES entries are offered once the peer's port has shown whose it is.
@Suite struct IndexProofTests {
    private static let root = String(repeating: "5a", count: 32)

    @Test("a port that answers the nonce under the token makes its FILES findable, and PEERS says reachable")
    func proven() throws {
        try IndexFixture.run { index in
            let port = try ProofPort()
            let (peer, token) = try Self.register(at: port, index)
            let request = try port.prove(token)
            #expect(request.hasPrefix("GET /ping?nonce="))
            #expect(request.contains("Host: 127.0.0.1:\(port.port)\r\n"))
            try index.wait(for: "SEARCH song") { $0[0]?.integer == 1 }
            #expect(
                try peer.ask("SEARCH root:\(Self.root)").text
                    == #"[1, "0", [["name", "song.mp3", "size", 1000, "root", "#
                    + "\"\(Self.root)\", \"sources\", [[1, \"127.0.0.1\", \(port.port), \"\", nil]], \"count\", 1]]]")
            #expect(try peer.ask("PEERS")[0]?["reachable"]?.integer == 1)
            #expect(try peer.ask("HELLO 3")["proto"]?.integer == 3)
            #expect(try peer.ask("PEERS")[0]?["reachable"] == .boolean(true))
            try index.process.expect("peer.proven id=1", onError: true)
        }
    }

    @Test(
        "[attack A28] a port that answers wrong never becomes a source",
        arguments: [
            "another token's answer", "not found", "no HTTP", "too long",
        ])
    func wrongAnswer(_ kind: String) throws {
        try IndexFixture.run { index in
            let port = try ProofPort()
            let (peer, token) = try Self.register(at: port, index)
            // At 0, 0.2 and 1 s: what the index has heard by then it will not hear better at 5 s.
            for _ in 0..<3 { try port.answer { Self.wrong(kind, token, $0) } }
            #expect(try peer.ask("SEARCH song").text == #"[0, "0", []]"#)
            #expect(try peer.ask("SOURCES \(Self.root)").text == #"[0, "0", []]"#)
            #expect(try peer.ask("PEERS")[0]?["reachable"]?.integer != 1)
        }
    }

    @Test("the second attempt counts as well as the first")
    func lateAnswer() throws {
        try IndexFixture.run { index in
            let port = try ProofPort()
            let (peer, token) = try Self.register(at: port, index)
            try port.answer { _ in "" }
            try port.prove(token)
            try index.wait(for: "SEARCH song") { $0[0]?.integer == 1 }
            withExtendedLifetime(peer) {}
        }
    }

    @Test("[attack A27] whoever says that they are somebody else brings no connection to the victim")
    func victim() throws {
        try IndexFixture.run { index in
            let victim = try ProofPort(on: "127.0.0.99")
            let attacker = try index.client(from: "127.0.0.2")
            let files = ["FILES", "song.mp3", "1000", Self.root]
            let claim = try attacker.command(["REG", "*", "127.0.0.99", "\(victim.port)"] + files).text
            #expect(claim.hasPrefix("-NOPERM REG: "), "\(claim)")
            // Its own address, the victim's port: the index asks there, and nobody is there.
            #expect(try attacker.command(["REG", "*", "*", "\(victim.port)"] + files)["host"]?.text == #""127.0.0.2""#)
            try index.process.expect("peer.unreachable id=1", onError: true)
            #expect(try attacker.ask("SEARCH song").text == #"[0, "0", []]"#)
            #expect(try attacker.ask("PEERS")[0]?["reachable"]?.integer == 0)
            #expect(!victim.isCalled())
        }
    }

    @Test("NAMES entries are listed at once and their port is never dialled; the first FILES entry starts the proof")
    func names() throws {
        try IndexFixture.run { index in
            let port = try ProofPort()
            let peer = try index.client()
            let reply = try peer.ask("REG * * \(port.port) NAMES song")
            #expect(try peer.ask("SEARCH song")[0]?.integer == 1)
            #expect(try peer.ask("UPD ADD NAMES other").text == "1")
            #expect(try peer.ask("PEERS")[0]?["reachable"]?.isNull == true)
            #expect(!port.isCalled(within: 0.3))
            #expect(try peer.ask("UPD ADD FILES file.bin 10 \(Self.root)").text == "1")
            #expect(try peer.ask("SEARCH file")[0]?.integer == 0)
            try port.prove(reply["token"]?.bytes ?? [])
            try index.wait(for: "SEARCH file") { $0[0]?.integer == 1 }
        }
    }

    @Test("a new port has to prove itself anew: what was offered is taken back until then")
    func moved() throws {
        try IndexFixture.run { index in
            let (first, second) = (try ProofPort(), try ProofPort())
            let (peer, token) = try Self.register(at: first, index)
            try first.prove(token)
            try index.wait(for: "SEARCH song") { $0[0]?.integer == 1 }
            let again = try peer.ask("REG * * \(second.port) FILES song.mp3 1000 \(Self.root)")
            #expect(again["id"]?.integer == 1)
            #expect(try peer.ask("SEARCH song")[0]?.integer == 0)
            try second.prove(token)
            try index.wait(for: "SOURCES \(Self.root)") { $0[2]?[0]?[2]?.integer == second.port }
        }
    }

    @Test(
        "[attack A28] an answer that comes when its peer has registered something else proves nothing",
        arguments: ["another port", "another certificate"])
    func late(_ kind: String) throws {
        try IndexFixture.run { index in
            let (first, second) = (try ProofPort(), try ProofPort())
            let (peer, token) = try Self.register(at: first, index)
            let next = kind == "another port" ? second : first
            let certificate = kind == "another port" ? "" : "CERT \(String(repeating: "c5", count: 32)) "
            try first.answer { request in
                _ = try? peer.ask("REG * * \(next.port) \(certificate)FILES song.mp3 1000 \(Self.root)")
                return ProofPort.response(PortProof.answer(token: token, nonce: ProofPort.nonce(in: request)))
            }
            // At 0, 0.2 and 1 s: the first answer has come long before.
            let requests = try (0..<3).map { _ in try next.answer { Self.wrong("not found", token, $0) } }
            #expect(requests.allSatisfy { ($0 == ProofPort.encrypted) == !certificate.isEmpty })
            #expect(try peer.ask("PEERS")[0]?["reachable"]?.isNull == true)
            #expect(try peer.ask("SEARCH song").text == #"[0, "0", []]"#)
            if !certificate.isEmpty { _ = try peer.ask("REG * * \(next.port) FILES song.mp3 1000 \(Self.root)") }
            try next.prove(token)
            try index.wait(for: "SOURCES \(Self.root)") { $0[2]?[0]?[2]?.integer == next.port }
        }
    }

    @Test("who has proven a port proves it again for another certificate")
    func recertified() throws {
        try IndexFixture.run { index in
            let port = try ProofPort()
            let (peer, token) = try Self.register(at: port, index)
            try port.prove(token)
            try index.wait(for: "SEARCH song") { $0[0]?.integer == 1 }
            let certificate = String(repeating: "c5", count: 32)
            _ = try peer.ask("REG * * \(port.port) CERT \(certificate) FILES song.mp3 1000 \(Self.root)")
            #expect(try peer.ask("SEARCH song")[0]?.integer == 0)
            // What is asked to prove itself now is who has the certificate's key.
            #expect(try port.prove(token) == ProofPort.encrypted)
            #expect(try peer.ask("SEARCH song")[0]?.integer == 0)
        }
    }

    @Test("[mission N4] a file moves only with its owner's consent; its taker is offered once its own port is proven")
    func ownership() throws {
        try IndexFixture.run { index in
            let (givers, takers) = (try ProofPort(), try ProofPort())
            let (giver, token) = try Self.register(at: givers, index)
            try givers.prove(token)
            try index.wait(for: "SEARCH song") { $0[0]?.integer == 1 }
            let taker = try index.client()
            let key = try taker.ask("REG * * \(takers.port)")["token"]?.bytes ?? []
            #expect(try taker.ask("UPD GOT \(Self.root) FROM 1 MOVE").text.hasPrefix("-NOPERM UPD: "))
            #expect(try taker.ask("UPD GOT \(Self.root) FROM 1").text == "1")
            #expect(try taker.ask("SOURCES \(Self.root)")[0]?.integer == 1)
            try takers.prove(key)
            try index.wait(for: "SOURCES \(Self.root)") { $0[0]?.integer == 2 }
            #expect(
                try taker.ask("BROWSE 2").text == #"[1, "0", [["name", "song.mp3", "size", 1000, "root", "#
                    + "\"\(Self.root)\"]]]")
            _ = try giver.ask("REG * * \(givers.port) OWNERSHIP move FILES song.mp3 1000 \(Self.root)")
            #expect(try taker.ask("UPD DEL song.mp3").text == "1")
            #expect(try taker.ask("UPD GOT \(Self.root) FROM 1 AS moved.mp3 MOVE").text == "1")
            #expect(
                try taker.ask("SOURCES \(Self.root)").text
                    == "[1, \"0\", [[2, \"127.0.0.1\", \(takers.port), \"\", nil]]]")
            #expect(try giver.ask("BROWSE 1").text == #"[0, "0", []]"#)
        }
    }

    @Test("a partial source is marked, and becomes a whole one with GOT")
    func partial() throws {
        try IndexFixture.run { index in
            let (givers, takers) = (try ProofPort(), try ProofPort())
            let (giver, token) = try Self.register(at: givers, index)
            try givers.prove(token)
            try index.wait(for: "SEARCH song") { $0[0]?.integer == 1 }
            let taker = try index.client()
            let key = try taker.ask("REG * * \(takers.port) FILES own.mp3 5 -")["token"]?.bytes ?? []
            try takers.prove(key)
            #expect(try taker.ask("UPD PARTIAL \(Self.root)").text == "1")
            try index.wait(for: "SOURCES \(Self.root)") { $0[2]?[1]?[3]?.text == #""p""# }
            #expect(try taker.ask("UPD GOT \(Self.root) FROM 1").text == "1")
            #expect(try taker.ask("SOURCES \(Self.root)")[2]?.array?.map { $0[3]?.text ?? "" } == [#""""#, #""""#])
            withExtendedLifetime(giver) {}
        }
    }

    private static func register(at port: ProofPort, _ index: IndexFixture) throws -> (WireClient, Bytes) {
        let peer = try index.client()
        let reply = try peer.ask("REG * * \(port.port) FILES song.mp3 1000 \(root)")
        guard let token = reply["token"]?.bytes else { throw TestFailure("REG answered \(reply.text)") }
        return (peer, token)
    }

    private static func wrong(_ kind: String, _ token: Bytes, _ request: String) -> String {
        let nonce = ProofPort.nonce(in: request)
        let right = PortProof.answer(token: token, nonce: nonce)
        return switch kind {
        case "another token's answer": ProofPort.response(PortProof.answer(token: token.reversed(), nonce: nonce))
        case "not found": ProofPort.response(right, status: "404 Not Found")
        case "no HTTP": String(decoding: right, as: UTF8.self)
        default: ProofPort.response(right + [10])
        }
    }
}
