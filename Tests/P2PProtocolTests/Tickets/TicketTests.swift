import P2PProtocol
import Testing

@Suite struct TicketTests {
    private let key: SigningKey
    private let ticket: Ticket
    private let root: Digest

    init() throws {
        // RFC 8032, 7.1, test 1.
        let seed = try #require(
            Digest(hex: Bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60".utf8)))
        key = try #require(SigningKey(seed: seed.bytes))
        root = SHA256.hash(Bytes("content".utf8))
        ticket = Ticket(.content(root), giver: 5, taker: 7, expiry: 1_000)
    }

    @Test("the public key is the one of RFC 8032")
    func vector() {
        #expect(
            Hex.encode(key.verifier.bytes)
                == Bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a".utf8))
        #expect(SigningKey(seed: []) == nil)
        #expect(VerifyingKey(Bytes(repeating: 0, count: 31)) == nil)
    }

    @Test("a pass says after the way what it said before, for a content and for the list")
    func roundTrip() throws {
        for ticket in [ticket, Ticket(.share, giver: 1, taker: .max, expiry: 0)] {
            let text = try #require(ticket.signed(with: key))
            #expect(text.count <= Ticket.mostBytes)
            #expect(try Ticket.read(text, signedBy: key.verifier) == ticket)
        }
    }

    @Test("its text is what the design says: JSON and signature, both base64url, joined by a dot")
    func form() throws {
        let parts = try #require(ticket.signed(with: key)).split(separator: UInt8(ascii: "."))
        #expect(parts.count == 2)
        let json = try JSON.parse(try #require(Base64.url.decode(parts[0])))
        #expect(json["root"]?.string == root.hex && json["giver"]?.integer == 5)
        #expect(json["taker"]?.integer == 7 && json["exp"]?.integer == 1_000)
        #expect(Base64.url.decode(parts[1])?.count == 64)
    }

    @Test("any changed, missing or further byte makes it no pass; so does another key")
    func forged() throws {
        let text = try #require(ticket.signed(with: key))
        for index in text.indices {
            var changed = text
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(throws: Ticket.Refusal.forged) { try Ticket.read(changed, signedBy: key.verifier) }
            #expect(throws: Ticket.Refusal.forged) { try Ticket.read(Bytes(text[..<index]), signedBy: key.verifier) }
        }
        let other = try #require(SigningKey(seed: Bytes(repeating: 1, count: 32)))
        for stranger in [
            text + [UInt8(ascii: "A")], text + text, [], [UInt8(ascii: ".")], Bytes(repeating: 65, count: 600),
        ] {
            #expect(throws: Ticket.Refusal.forged) { try Ticket.read(stranger, signedBy: key.verifier) }
        }
        #expect(throws: Ticket.Refusal.forged) { try Ticket.read(text, signedBy: other.verifier) }
    }

    @Test("it opens one thing at one giver until it expires")
    func checked() throws {
        try ticket.check(for: .content(root), at: 5, now: 999)
        #expect(throws: Ticket.Refusal.expired) { try ticket.check(for: .content(root), at: 5, now: 1_000) }
        #expect(throws: Ticket.Refusal.otherGiver) { try ticket.check(for: .content(root), at: 6, now: 0) }
        #expect(throws: Ticket.Refusal.otherContent) { try ticket.check(for: .share, at: 5, now: 0) }
        let list = Ticket(.share, giver: 5, taker: 7, expiry: 1_000)
        #expect(throws: Ticket.Refusal.otherContent) { try list.check(for: .content(root), at: 5, now: 0) }
    }
}
