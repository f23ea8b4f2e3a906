import P2PProtocol
import TestSupport
import Testing

@Suite struct PeerRouteTests {
    static let hex = String(repeating: "0123456789abcdef", count: 4)
    static let root = Digest(hex: Bytes(hex.utf8)) ?? Digest(words: (0, 0, 0, 0))

    static func find(_ target: String, _ method: String = "GET") -> PeerRouting? {
        HeadFeeding.request("\(method) \(target) HTTP/1.1\r\nHost: a\r\n\r\n").head.map(PeerRoute.find)
    }

    static let routes: [(String, PeerRoute)] = [
        ("/content/\(hex)", .content(root, name: nil)),
        ("/content/\(hex)/a%20b.mp3", .content(root, name: Bytes(ascii: "a b.mp3"))),
        ("/content/\(hex)/%ff?ticket=x", .content(root, name: [255])),
        ("/content/\(hex.uppercased())", .content(root, name: nil)),
        ("/pieces/\(hex)", .pieces(root)),
        ("/have/\(hex)", .have(root)),
        ("/", .sharePage(path: [], cursor: nil)),
        ("/?path=a%2Fb&cursor=7", .sharePage(path: Bytes(ascii: "a/b"), cursor: Bytes(ascii: "7"))),
        ("/share.json", .shareList(path: [], cursor: nil)),
        ("/share.json?path=a+b&cursor=0", .shareList(path: Bytes(ascii: "a b"), cursor: Bytes(ascii: "0"))),
        ("/metrics", .metrics),
        ("/ping", .ping(nonce: nil)),
        ("/ping?nonce=abc", .ping(nonce: Bytes(ascii: "abc"))),
        ("http://b:1/ping", .ping(nonce: nil)),
    ]

    @Test("leads to each resource", arguments: routes)
    func found(target: String, route: PeerRoute) {
        #expect(Self.find(target) == .found(route))
        #expect(Self.find(target, "HEAD") == .found(route))
    }

    @Test("makes the target that leads back to the route", arguments: routes.map(\.1) + [handoff])
    func roundTrip(route: PeerRoute) throws {
        let method: HTTPMethod = route == Self.handoff ? .post : .get
        let head = RequestHead(method, route.target, host: Bytes(ascii: "a"))
        let read = try #require(HeadFeeding.request(head.bytes).head)
        #expect(PeerRoute.find(read) == .found(route))
    }

    static let handoff = PeerRoute.handoff(root, taker: HandoffTaker(id: 5, server: Bytes(ascii: "[::1]:8888")))

    @Test("reads the taker of a handoff")
    func handoffTaker() {
        #expect(Self.find("/handoff/\(Self.hex)?taker=5@[::1]:8888", "POST") == .found(Self.handoff))
        #expect(Self.find("/handoff/\(Self.hex)?taker=5%40%5B::1%5D%3A8888", "POST") == .found(Self.handoff))
    }

    @Test(
        "refuses a handoff to nobody",
        arguments: [
            "", "?taker=", "?taker=5", "?taker=@s", "?taker=5@", "?taker=0@s", "?taker=-1@s", "?taker=x@s",
            "?taker=99999999999999999999@s", "?taker=5@s%0D%0AX", "?taker=5@a@b",
        ])
    func noTaker(query: String) {
        #expect(Self.find("/handoff/\(Self.hex)\(query)", "POST") == .refused(.badRequest, allow: nil))
    }

    static let climbing = [
        "/etc/passwd", "//etc/passwd", "///etc/passwd", "/..", "/../", "/../../etc/passwd", "/./metrics",
        "/%2e%2e%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd", "/%252e%252e/etc/passwd", "/..%5cetc", "/..\\etc",
        "/%00", "/metrics%00", "/metrics/", "/metrics;x", "/;", "/\\", "/%c0%ae%c0%ae/etc", "/%e0%80%ae", "/.%00./",
        "/Metrics", "/content", "/content/", "/content//", "/content/x", "/content/\(hex)/", "/content/\(hex)x",
        "/content/\(hex)/..", "/content/\(hex)/.", "/content/\(hex)/a/b", "/content/\(hex)/a%2Fb",
        "/content/\(hex)/%2e%2e", "/content/\(hex)/%2e%2e%2fx", "/content/\(hex)/a%00b", "/content/\(hex)/../../x",
        "/content/../content/\(hex)", "/content/\(hex.dropLast())", "/content/\(hex)0", "/content/%2e%2e",
        "/have/\(hex)/a", "/pieces/\(hex)/", "/share", "/ping/x", "/content\(hex)", "/\(hex)", "/C:%5Cwindows",
        "/handoff/", "/favicon.ico", "/.rookery/state.db", "/~root", "/%2e%2e%5c%2e%2e%5cx",
    ]

    @Test("finds nothing outside the share, however it is written [attack A34]", arguments: climbing)
    func notFound(target: String) {
        #expect(Self.find(target) == .refused(.notFound, allow: nil))
    }

    @Test(
        "refuses broken escapes [attack A34]", arguments: ["/%", "/%zz", "/content/\(hex)/%f", "/?path=%", "/%u002e"])
    func brokenEscape(target: String) {
        #expect(Self.find(target) == .refused(.badRequest, allow: nil))
    }

    @Test(
        "refuses other methods and says which are taken [attack A42h]",
        arguments: ["OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "POST"])
    func otherMethods(method: String) {
        for target in ["/", "/metrics", "/content/\(Self.hex)"] {
            #expect(Self.find(target, method) == .refused(.methodNotAllowed, allow: "GET, HEAD"))
        }
    }

    @Test("refuses methods without a path, and a handoff that is only looked at [attack A42h]")
    func oddMethods() {
        #expect(Self.find("*", "OPTIONS") == .refused(.methodNotAllowed, allow: "GET, HEAD"))
        #expect(Self.find("a:443", "CONNECT") == .refused(.methodNotAllowed, allow: "GET, HEAD"))
        #expect(Self.find("/nowhere", "TRACE") == .refused(.methodNotAllowed, allow: "GET, HEAD"))
        #expect(Self.find("/handoff/\(Self.hex)?taker=5@s") == .refused(.methodNotAllowed, allow: "POST"))
        #expect(Self.find("/nowhere", "POST") == .refused(.notFound, allow: nil))
    }
}
