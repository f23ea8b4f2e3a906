import IndexServer
import P2PProtocol
import Testing

@Suite struct PassOfficeTests {
    private let office: PassOffice
    private let bob: AccountName
    private let root = SHA256.hash(Bytes(ascii: "content"))

    init() throws {
        office = PassOffice(key: try #require(SigningKey(seed: Bytes(repeating: 7, count: 32))), life: .seconds(10))
        bob = try #require(AccountName(Bytes(ascii: "bob")))
    }

    private func sign(taker: Int, now: Int) throws -> Ticket {
        try Ticket.read(
            try office.sign(.content(root), giver: 5, taker: taker, of: bob, now: now), signedBy: office.verifier)
    }

    @Test("a pass names who gives, who takes and what, and ends in time")
    func signs() throws {
        #expect(try sign(taker: 7, now: 1_000) == Ticket(.content(root), giver: 5, taker: 7, expiry: 11_000))
    }

    @Test("with an account all its passes are taken back that still count; later ones are good")
    func revokes() throws {
        _ = try (sign(taker: 7, now: 1_000), sign(taker: 7, now: 2_000), sign(taker: -3, now: 3_000))
        _ = try sign(taker: 8, now: -9_000)
        let revocations = office.revoke(bob, now: 4_000)
        #expect(
            revocations == [
                PassOffice.Revocation(account: bob.bytes, taker: -3, expiry: 13_000),
                PassOffice.Revocation(account: bob.bytes, taker: 7, expiry: 12_000),
            ])
        #expect(office.revocations(now: 11_999) == revocations)
        #expect(office.revocations(now: 12_000).map(\.taker) == [-3])
        #expect(office.revoke(bob, now: 4_000).isEmpty)
        // Even one that is signed at a clock that has gone back.
        #expect(try sign(taker: 7, now: 1_000).expiry == 12_001)
        #expect(try sign(taker: 7, now: 8_000).expiry == 18_000)
    }

    @Test("who is a member no more gets none, however late the order comes")
    func late() {
        #expect(throws: PassOffice.Refusal.revoked) {
            try office.sign(.share, giver: 5, taker: 7, of: bob, now: 0, if: { false })
        }
        #expect(office.revoke(bob, now: 0).isEmpty)
    }

    @Test("an account has passes in so many names and no more, until old ones expire")
    func bound() throws {
        for taker in 1...4_096 { _ = try sign(taker: taker, now: 0) }
        #expect(throws: PassOffice.Refusal.tooMany) { try sign(taker: 5_000, now: 9_999) }
        _ = try sign(taker: 1, now: 9_999)
        _ = try sign(taker: 5_000, now: 10_000)
    }
}
