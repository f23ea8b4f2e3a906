import P2PProtocol
import P2PRuntime
import Testing

@Suite struct ServerAddressTests {
    @Test(
        "reads what people write",
        arguments: [
            ("127.0.0.1:8888", "127.0.0.1:8888"), ("nas", "nas:8888"), ("nas:7777", "nas:7777"), ("[::1]:9", "[::1]:9"),
            ("[fe80::1]", "[fe80::1]:8888"), ("::1", "[::1]:8888"),
        ])
    func reads(text: String, expected: String) {
        #expect(ServerAddress(text)?.description == expected)
    }

    @Test(
        "refuses what is no address",
        arguments: ["", ":8888", "nas:", "nas:0", "nas:65536", "nas:+1", "a b:1", "[::1", "[::1]x", "a\n:1"])
    func refuses(text: String) {
        #expect(ServerAddress(text) == nil)
    }

    @Test("the certificate behind it is kept, is not shown, and makes it no other server")
    func pinned() throws {
        let fingerprint = String(repeating: "a5", count: 32)
        let server = try #require(ServerAddress("nas:7777#\(fingerprint.uppercased())"))
        #expect(server.pin?.hex == Bytes(fingerprint.utf8))
        #expect(server.description == "nas:7777" && server.text == "nas:7777#\(fingerprint)")
        #expect(server == ServerAddress("nas:7777") && Set([server]).contains(ServerAddress(host: "nas", port: 7_777)))
        #expect(ServerAddress(server.text)?.pin == server.pin)
        for text in ["nas#", "nas#12", "nas#\(fingerprint)#", "#\(fingerprint)", "nas#\(fingerprint)0"] {
            #expect(ServerAddress(text) == nil)
        }
    }
}
