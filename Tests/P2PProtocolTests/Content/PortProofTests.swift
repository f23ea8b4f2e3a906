import P2PProtocol
import Testing

@Suite struct PortProofTests {
    @Test(
        "authenticates as RFC 4231 shows",
        arguments: [
            (
                Bytes(repeating: 0x0B, count: 20), Bytes("Hi There".utf8),
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
            ),
            (
                Bytes("Jefe".utf8), Bytes("what do ya want for nothing?".utf8),
                "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
            ),
            (
                Bytes(repeating: 0xAA, count: 131),
                Bytes("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
            ),
        ])
    func vectors(key: Bytes, message: Bytes, expected: String) {
        #expect(SHA256.authenticate(message, key: key).description == expected)
    }

    @Test("answers with 64 hex digits over the printed forms of token and nonce")
    func answer() {
        let token = Bytes("00ff".utf8)
        let nonce = Bytes("abc123".utf8)
        let answer = PortProof.answer(token: token, nonce: nonce)
        #expect(answer == SHA256.authenticate(nonce, key: token).hex)
        #expect(answer.count == 64)
        #expect(PortProof.accepts(answer, token: token, nonce: nonce))
    }

    @Test("accepts no other answer, token or nonce")
    func wrong() {
        let token = Bytes("00ff".utf8)
        let nonce = Bytes("abc123".utf8)
        let answer = PortProof.answer(token: token, nonce: nonce)
        #expect(!PortProof.accepts(answer, token: Bytes("00fe".utf8), nonce: nonce))
        #expect(!PortProof.accepts(answer, token: token, nonce: Bytes("abc124".utf8)))
        for wrong in [
            [], answer.dropLast(), answer + [48], Bytes(repeating: 48, count: 64), Bytes(repeating: 0, count: 64),
        ] {
            #expect(!PortProof.accepts(wrong, token: token, nonce: nonce))
        }
    }

    @Test("a nonce points to its token and to no other, and is answered as any nonce is")
    func pointing() {
        let tokens = [Bytes("00ff".utf8), Bytes("00fe".utf8)]
        let nonce = PortProof.nonce(for: tokens[0], random: [1, 2, 3])
        #expect(nonce.count == 22)
        #expect(PortProof.isMeant(nonce, for: tokens[0]))
        #expect(!PortProof.isMeant(nonce, for: tokens[1]))
        #expect(!PortProof.isMeant(nonce.dropFirst(), for: tokens[0]))
        #expect(!PortProof.isMeant([], for: tokens[0]))
        let answer = PortProof.answer(token: tokens[0], nonce: nonce)
        #expect(PortProof.accepts(answer, token: tokens[0], nonce: nonce))
    }
}
