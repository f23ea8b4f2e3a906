import IndexServer
import P2PProtocol
import P2PRuntime
import Testing

@Suite struct AddressPolicyTests {
    private static let lan = IPAddress("10.0.0.7")
    private static let loopback = IPAddress("127.0.0.1")

    @Test("a star is the address that the index sees")
    func star() throws {
        let observed = try #require(Self.lan)
        #expect(
            try AddressPolicy.host(claimed: Bytes(ascii: "*"), observed: observed, allowsForeign: false) == observed)
    }

    @Test(
        "[attack A29] a host that is not the observed address is refused",
        arguments: [
            "0.0.0.0", "255.255.255.255", "::", "::1", "169.254.1.1", "224.0.0.1", "2130706433", "0177.1", "localhost",
            "example.org", "10.0.0.8", "10.0.0.7 ", "10.0.0.7\r\nX", "", String(repeating: "1", count: 300),
        ])
    func foreign(host: String) throws {
        let observed = try #require(Self.lan)
        #expect(throws: WireError.self) {
            try AddressPolicy.host(claimed: Array(host.utf8), observed: observed, allowsForeign: false)
        }
    }

    @Test(
        "[attack A29] IPv4 in IPv6's clothes is the same IPv4 address, so it passes no loopback off as something else")
    func mapped() throws {
        let mapped = try #require(IPAddress("::ffff:127.0.0.1"))
        #expect(mapped.isLoopback)
        #expect(mapped == Self.loopback)
    }

    @Test(
        "[attack A30] low ports and those of well-known services are refused",
        arguments: [1, 22, 25, 53, 80, 443, 6_379])
    func ports(port: UInt16) {
        #expect(!PeerPort.permits(port))
        #expect(PeerPort.permits(6_699))
    }

    @Test("a loopback source is shown to a remote asker as the address it reached the index at, and only to that one")
    func loopbackTranslation() throws {
        let (host, asker) = (try #require(Self.loopback), try #require(Self.lan))
        let local = IPAddress("10.0.0.1")
        #expect(AddressPolicy.shown(host, to: asker, reachedAt: local) == local)
        #expect(AddressPolicy.shown(host, to: host, reachedAt: local) == host)
        #expect(AddressPolicy.shown(asker, to: asker, reachedAt: local) == asker)
    }
}
