import P2PProtocol
import Testing

@Suite struct BasicCredentialsTests {
    @Test("reads the user up to the first colon and the password behind it, byte for byte")
    func good() {
        #expect(
            Login(basic: Bytes(ascii: "Basic YW5uOnN3b3JkZmlzaA=="))
                == Login(user: Bytes(ascii: "ann"), password: Bytes(ascii: "swordfish")))
        #expect(
            Login(basic: Bytes(ascii: "bASIC  YTpiOmM="))
                == Login(user: Bytes(ascii: "a"), password: Bytes(ascii: "b:c")))
        #expect(Login(basic: Bytes(ascii: "Basic Ov8=")) == Login(user: [], password: [0xFF]))
    }

    @Test(
        "what is no such login is none",
        arguments: [
            "", "Basic", "Basic ", "Bearer YW5uOnN3b3JkZmlzaA==", "Basic YW5u", "Basic YW5u OnN3", "Basic ====",
        ])
    func bad(value: String) {
        #expect(Login(basic: Bytes(value.utf8)) == nil)
    }

    @Test("a login longer than any is none")
    func long() {
        let text = Base64.standard.encode(Bytes(ascii: "a:") + Bytes(repeating: 0x61, count: 4_000))
        #expect(Login(basic: Bytes(ascii: "Basic ") + text) == nil)
    }
}
