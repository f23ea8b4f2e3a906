import P2PProtocol
import P2PRuntime
import Testing

@Suite struct PasswordHashTests {
    private static let cheap = PasswordHash.Cost(rounds: 16, blocks: 1, lanes: 1)

    @Test("agrees with the vector of RFC 7914")
    func vector() throws {
        let hex = Bytes(ascii: "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2")
        let digest = try #require(Digest(hex: hex)).bytes
        let hash = PasswordHash(
            cost: .init(rounds: 16_384, blocks: 8, lanes: 1), salt: Bytes(ascii: "SodiumChloride"), digest: digest)
        #expect(hash.matches(Bytes(ascii: "pleaseletmein")))
        #expect(!hash.matches(Bytes(ascii: "pleaseletmeim")))
    }

    @Test("[attack A25] passwords are bytes: neither a NUL, nor another form, nor a length cuts one")
    func bytes() throws {
        let long = Bytes(repeating: UInt8(ascii: "a"), count: 1_024)
        let passwords: [Bytes] = [
            [], Bytes(ascii: "caf\u{E9}"), Bytes(ascii: "cafe\u{301}"), [0xFF, 0xFE], [0xFF], long,
            long + [0x61], Bytes(ascii: "abcd"), Bytes(ascii: "ab"),
        ]
        for (index, password) in passwords.enumerated() {
            let hash = try PasswordHash(of: password, cost: Self.cheap)
            for (other, candidate) in passwords.enumerated() {
                #expect(hash.matches(candidate) == (index == other))
            }
        }
    }

    @Test("[attack A25] NULs at the end, which HMAC would not see, make another password")
    func trailingNULs() throws {
        let hash = try PasswordHash(of: Bytes(ascii: "password"), cost: Self.cheap)
        #expect(!hash.matches(Bytes(ascii: "password\0")))
        #expect(!hash.matches(Bytes(ascii: "password\0\0")))
    }

    @Test("two hashes of one password have nothing in common")
    func salts() throws {
        let password = Bytes(ascii: "one and the same")
        let (one, other) = (
            try PasswordHash(of: password, cost: Self.cheap), try PasswordHash(of: password, cost: Self.cheap)
        )
        #expect(one.salt != other.salt && one.digest != other.digest)
    }

    @Test(
        "a damaged row costs no memory and lets nobody in",
        arguments: [
            PasswordHash.Cost(rounds: 1 << 40, blocks: 8, lanes: 1), .init(rounds: 0, blocks: 0, lanes: 0),
            .init(rounds: -1, blocks: 8, lanes: 1), .init(rounds: 16, blocks: 1, lanes: 1 << 30),
            .init(rounds: 15, blocks: 1, lanes: 1), .init(rounds: 16, blocks: .max, lanes: 1),
        ])
    func damaged(cost: PasswordHash.Cost) {
        #expect(!PasswordHash(cost: cost, salt: [], digest: []).matches(Bytes(ascii: "x")))
    }

    @Test("nobody's hash is no password's")
    func nobody() throws {
        #expect(try !PasswordHash.ofNobody().matches([]))
    }
}
