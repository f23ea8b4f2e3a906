import P2PProtocol
import P2PRuntime
import Peer
import Testing

@Suite struct PassGateTests {
    private let gate = PassGate()
    private let key: SigningKey
    private let other: SigningKey
    private let start = Moment.now
    private let root = SHA256.hash(Bytes(ascii: "content"))
    private let home = ServerAddress(host: "127.0.0.1", port: 8888)

    init() throws {
        key = try #require(SigningKey(seed: Bytes(repeating: 7, count: 32)))
        other = try #require(SigningKey(seed: Bytes(repeating: 8, count: 32)))
    }

    /// We are peer 5 where it is `time` now.
    private func registered(_ key: SigningKey?, at time: Int = 1_000, as id: Int = 5) -> IndexRegistration {
        IndexRegistration(
            id: id, host: Bytes(ascii: "127.0.0.1"), port: 6699, token: [], key: key?.verifier, time: time, heard: start
        )
    }

    private func pass(
        _ scope: Ticket.Scope? = nil, giver: Int = 5, taker: Int = 7, expiry: Int = 11_000, by signer: SigningKey? = nil
    ) throws -> Bytes {
        let ticket = Ticket(scope ?? .content(root), giver: giver, taker: taker, expiry: expiry)
        return try #require(ticket.signed(with: signer ?? key))
    }

    /// `good`, `none`, `open`, or why not.
    private func ask(
        _ path: String, _ pass: Bytes? = nil, from address: String = "10.0.0.7", after span: Duration = .zero
    ) throws -> String {
        let target = try #require(RequestTarget(Bytes(path.utf8)))
        var head = RequestHead(.get, target, host: Bytes(ascii: "peer"))
        if let pass { head.show(pass) }
        guard case .found(let route) = PeerRoute.find(head) else { return "no route" }
        let remote = Endpoint(address: try #require(IPAddress(address)), port: 5_000)
        do throws(PassGate.Refusal) {
            let admitted = try gate.admit(HTTPRequest(head: head, remote: remote), to: route, now: start + span)
            return admitted == nil ? "open" : "good"
        } catch {
            switch error {
            case .noPass: return "none"
            case .badPass(let reason): return reason
            }
        }
    }

    private var content: String { "/content/\(String(decoding: root.hex, as: UTF8.self))" }

    @Test("without a key of an index everybody may come in; with one, who shows a pass")
    func opens() throws {
        #expect(try ask(content) == "open")
        gate.set(registered(nil), at: home)
        #expect(try ask(content) == "open")
        gate.set(registered(key), at: home)
        #expect(try ask(content) == "none")
        #expect(try ask(content, try pass()) == "good")
        for path in ["/pieces", "/have"] {
            #expect(try ask(path + content.dropFirst("/content".count), try pass()) == "good")
        }
        gate.set(registered(nil), at: home)
        #expect(try ask(content) == "open")
    }

    @Test("until a server that wants members has been heard, nobody comes in")
    func awaited() throws {
        let gate = PassGate(awaiting: [home])
        #expect(gate.isClosed)
        gate.set(registered(nil), at: home)
        #expect(!gate.isClosed)
    }

    @Test("a pass is good for one content of one giver until it expires, whoever else has signed whatever")
    func refuses() throws {
        gate.set(registered(key), at: home)
        let cases: [(pass: Bytes, reason: String)] = [
            (try pass(giver: 6), "this pass is for another peer"),
            (try pass(.share), "this pass is for something else"),
            (try pass(.content(SHA256.hash([]))), "this pass is for something else"),
            (try pass(expiry: 1_000), "this pass has expired"),
            (try pass(by: other), "this is no pass of an index that this peer uses"),
            (Bytes(ascii: "x"), "this is no pass of an index that this peer uses"),
        ]
        for (pass, reason) in cases { #expect(try ask(content, pass) == reason) }
        let good = try pass()
        #expect(try ask(content, good, after: .milliseconds(9_999)) == "good")
        #expect(try ask(content, good, after: .milliseconds(10_000)) == "this pass has expired")
    }

    @Test("the list has a pass of its own; the proof needs none, and numbers are for this machine")
    func scopes() throws {
        gate.set(registered(key), at: home)
        for path in ["/", "/share.json", "/share.json?path=a"] {
            #expect(try ask(path) == "none")
            #expect(try ask(path, try pass()) == "this pass is for something else")
            #expect(try ask(path, try pass(.share)) == "good")
        }
        #expect(try ask("/ping?nonce=00") == "open")
        #expect(try ask("/metrics") == "none")
        #expect(try ask("/metrics", from: "127.0.0.1") == "open")
    }

    @Test("a pass is shown in the header or in the URL, in whatever case the scheme is written")
    func places() throws {
        gate.set(registered(key), at: home)
        let text = String(decoding: try pass(), as: UTF8.self)
        #expect(try ask("\(content)?ticket=\(text)") == "good")
        #expect(try ask("\(content)?ticket=x") == "this is no pass of an index that this peer uses")
        for scheme in ["Bearer", "bearer", "BEARER"] {
            var head = RequestHead(.get, try #require(RequestTarget(Bytes(content.utf8))), host: [])
            head.fields.append("Authorization", Bytes("\(scheme) \(text)".utf8))
            #expect(head.ticket == Bytes(text.utf8))
        }
    }

    @Test("of two servers each has its own passes; with another key those before it end")
    func several() throws {
        let second = ServerAddress(host: "127.0.0.1", port: 7777)
        gate.set(registered(key), at: home)
        gate.set(registered(other, as: 9), at: second)
        #expect(try ask(content, try pass(giver: 9, by: other)) == "good")
        #expect(try ask(content, try pass(giver: 9)) == "this pass is for another peer")
        gate.forget(second)
        #expect(try ask(content, try pass(giver: 9, by: other)) == "this is no pass of an index that this peer uses")
        gate.set(registered(other), at: home)
        #expect(try ask(content, try pass(by: other)) == "good")
        #expect(try ask(content, try pass()) == "this is no pass of an index that this peer uses")
    }

    @Test("who is leaving lets nobody in for that; who is told that only members may come in does not either")
    func leaving() throws {
        gate.await(home)
        #expect(try ask(content) == "none")
        gate.set(registered(key), at: home)
        gate.stay()
        gate.forget(home)
        #expect(try ask(content) == "none")
        #expect(try ask(content, try pass()) == "good")
    }

    @Test("what an index takes back is good no more, nor what is under way; later passes are")
    func revoked() throws {
        gate.set(registered(key), at: home)
        let head = RequestHead(.get, try #require(RequestTarget(Bytes(content.utf8))), host: [])
        var shown = head
        shown.show(try pass())
        let request = HTTPRequest(head: shown, remote: Endpoint(address: .loopback, port: 5_000))
        let underWay = try #require(try gate.admit(request, to: .content(root, name: nil), now: start))
        #expect(underWay.isGood)
        let elsewhere = ServerAddress(host: "127.0.0.1", port: 7777)
        gate.hear(revocation(of: 7, until: 11_000), from: elsewhere)
        gate.hear(revocation(of: 8, until: 11_000), from: home)
        gate.hear(revocation(of: 7, until: 10_999), from: home)
        #expect(underWay.isGood)
        #expect(try ask(content, try pass()) == "good")
        gate.hear(revocation(of: 7, until: 11_000), from: home)
        #expect(!underWay.isGood)
        #expect(try ask(content, try pass()) == "this pass was taken back")
        #expect(try ask(content, try pass(expiry: 11_001)) == "good")
        // It comes back from a lost connection with the same key.
        gate.set(registered(key), at: home)
        #expect(try ask(content, try pass()) == "this pass was taken back")
    }

    @Test("more revocations than can be kept apart take all passes back that were given by then")
    func manyRevoked() throws {
        gate.set(registered(key), at: home)
        for taker in 100..<(100 + 65_536) { gate.hear(revocation(of: taker, until: 20_000), from: home) }
        #expect(try ask(content, try pass()) == "good")
        gate.hear(revocation(of: 99, until: 12_000), from: home)
        #expect(try ask(content, try pass()) == "this pass was taken back")
        #expect(try ask(content, try pass(expiry: 12_001)) == "good")
        #expect(try ask(content, try pass(taker: 100, expiry: 20_000)) == "this pass was taken back")
    }

    private func revocation(of taker: Int, until expiry: Int) -> Reply {
        let payload = #"{"event":"revoked","name":"bob","id":\#(taker),"exp":\#(expiry)}"#
        return .push([.bulk(Bytes(ascii: "message")), .bulk(Bytes(ascii: "revoked")), .bulk(Bytes(payload.utf8))])
    }
}
