import P2PProtocol
import Testing

@Suite struct JoinLineTests {
    @Test(
        "an invitation's line is read as it was written",
        arguments: [
            "rookery-join:127.0.0.1:8888//bob/00112233445566778899aabbccddeeff",
            "rookery-join:[::1]:8888/\(String(repeating: "ab", count: 32))/a.b/c0de",
        ])
    func good(line: String) throws {
        #expect(try #require(JoinLine(Bytes(line.utf8))).text == Bytes(line.utf8))
    }

    @Test(
        "what is no invitation is none",
        arguments: [
            "", "rookery-join:", "rookery:127.0.0.1:8888//bob/c0de", "rookery-join:h:1/bob/c0de",
            "rookery-join:h:1//bob/", "rookery-join:h:1//-b/c0de", "rookery-join:h:1/abc/bob/c0de",
            "rookery-join:h:1//bob/c0 de", "rookery-join://bob/c0de", "rookery-join:h:1//bob/c/d",
        ])
    func bad(line: String) {
        #expect(JoinLine(Bytes(line.utf8)) == nil)
    }

    @Test("a device's key is no password, and a password is no key")
    func keys() throws {
        let key = try #require(DeviceKey(random: Bytes(repeating: 0xAB, count: 32)))
        #expect(key.password == Bytes("key:\(String(repeating: "ab", count: 32))".utf8))
        #expect(DeviceKey(password: key.password) == key)
        #expect(Password.fault(in: key.password) == "this is the key of a device")
        for text in ["key:", "key:abcd", "key", String(repeating: "ab", count: 32)] {
            #expect(DeviceKey(password: Bytes(text.utf8)) == nil)
        }
    }
}
