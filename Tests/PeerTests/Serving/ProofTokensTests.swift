import P2PProtocol
import P2PRuntime
import Peer
import Testing

@Suite struct ProofTokensTests {
    private static let here = IPAddress("10.0.0.1") ?? .loopback
    private static let there = IPAddress("10.0.0.2") ?? .loopback
    private static let nonce = Bytes("nonce".utf8)

    private let tokens = ProofTokens()

    private func set(_ token: String, of server: String, at address: IPAddress?) throws {
        tokens.set(Bytes(token.utf8), of: try #require(ServerAddress(server)), at: address)
    }

    private func isAnswered(with token: String, nonce: Bytes = nonce, to asker: IPAddress) -> Bool {
        guard let answer = tokens.answer(to: nonce, from: asker) else { return false }
        return PortProof.accepts(answer, token: Bytes(token.utf8), nonce: nonce)
    }

    @Test("has no answer before the first registration, nor after the last is gone")
    func none() throws {
        #expect(tokens.answer(to: Self.nonce, from: Self.here) == nil)
        try set("a", of: "one:1", at: Self.here)
        tokens.remove(try #require(ServerAddress("one:1")))
        #expect(tokens.answer(to: Self.nonce, from: Self.here) == nil)
    }

    @Test("answers each server under its own token, and a stranger under the newest")
    func byAddress() throws {
        try set("a", of: "one:1", at: Self.here)
        try set("b", of: "two:1", at: Self.there)
        #expect(isAnswered(with: "a", to: Self.here))
        #expect(isAnswered(with: "b", to: Self.there))
        #expect(isAnswered(with: "b", to: .loopback))
    }

    @Test("a new registration replaces the token of its server alone")
    func replaced() throws {
        try set("a", of: "one:1", at: Self.here)
        try set("b", of: "two:1", at: Self.there)
        try set("c", of: "one:1", at: Self.here)
        #expect(isAnswered(with: "c", to: Self.here))
        #expect(isAnswered(with: "b", to: Self.there))
    }

    @Test("[mission L1] two servers at one address each get their own answer when their nonce points to their token")
    func pointing() throws {
        for (token, server) in [("a", "one:1"), ("b", "one:2")] { try set(token, of: server, at: .loopback) }
        for token in ["a", "b"] {
            let nonce = PortProof.nonce(for: Bytes(token.utf8), random: [1, 2, 3])
            #expect(isAnswered(with: token, nonce: nonce, to: .loopback))
            #expect(isAnswered(with: token, nonce: nonce, to: Self.there))
        }
    }
}
