import P2PProtocol
import Testing

@Suite struct AccountNameTests {
    @Test(
        "names are taken as they are",
        arguments: ["a", "Bob", "bob", "0", "a.b_c-d", String(repeating: "x", count: 64)])
    func good(name: String) throws {
        #expect(try #require(AccountName(Bytes(name.utf8))).description == name)
    }

    @Test(
        "what could be mistaken for something else is no name",
        arguments: [
            "", "default", ".", "-a", "_a", "a b", "a:b", "a/b", "caf\u{E9}", "a\n", "a\0", "a'b",
            String(repeating: "x", count: 65),
        ])
    func bad(name: String) {
        #expect(AccountName(Bytes(name.utf8)) == nil)
    }

    @Test("[attack A25] passwords have 8 to 1,024 bytes, none of them NUL")
    func passwords() {
        for (count, isGood) in [(0, false), (7, false), (8, true), (1_024, true), (1_025, false)] {
            #expect((Password.fault(in: Bytes(repeating: 0xE9, count: count)) == nil) == isGood)
        }
        #expect(Password.fault(in: Bytes(ascii: "12345678\0")) != nil)
    }
}
