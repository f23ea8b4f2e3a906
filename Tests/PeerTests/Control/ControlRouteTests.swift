import P2PProtocol
import P2PRuntime
import Peer
import Testing

@Suite struct ControlRouteTests {
    private static func find(_ line: String) throws -> ControlRouting {
        var parser = RequestHeadParser()
        let bytes = Bytes("\(line) HTTP/1.1\r\nHost: peer\r\n\r\n".utf8)
        guard case .head(let head, _) = parser.next(in: bytes.span) else { return .refused(.badRequest) }
        return ControlRoute.find(head)
    }

    private static let peer = PeerReference(id: 5, server: nil)

    private static let routes: [(ControlRoute, String)] = [
        (.about, "GET /v1/about"), (.status, "GET /v1/status"), (.transfers, "GET /v1/transfers"),
        (.news(since: 70), "GET /v1/transfers?since=70"),
        (.order, "POST /v1/transfers"), (.play, "POST /v1/streams"), (.rare, "GET /v1/rare"),
        (.inquiry(.searchAway(Bytes("a".utf8))), "GET /v1/away?q=a"),
        (.inquiry(.missing(peer, folder: nil)), "GET /v1/missing?peer=5"), (.transfer(7), "GET /v1/transfers/7"),
        (.pause(7), "POST /v1/transfers/7/pause"), (.resume(7), "POST /v1/transfers/7/resume"),
        (.cancel(7), "POST /v1/transfers/7/cancel"), (.move(7, to: 2), "POST /v1/transfers/7/move?to=2"),
        (.inquiry(.search(Bytes("a b".utf8))), "GET /v1/search?q=a%20b"),
        (.inquiry(.check([0xFF, 0x26])), "GET /v1/check?q=%FF%26"), (.inquiry(.list([])), "GET /v1/list"),
        (.inquiry(.browse(peer, folder: Name(validating: Bytes("a/b".utf8)))), "GET /v1/browse?peer=5&path=a%2Fb"),
    ]

    @Test("every route finds its way there and back", arguments: routes.indices)
    func round(index: Int) throws {
        let (route, line) = Self.routes[index]
        #expect(try Self.find(line) == .found(route))
        let target = try #require(route.target)
        #expect("\(route.isChange ? "POST" : "GET") " + String(decoding: target.bytes, as: UTF8.self) == line)
    }

    @Test(
        "what is not there is refused, and nothing is changed by reading",
        arguments: [
            ("GET /", 404), ("GET /v1", 404), ("GET /v2/about", 404), ("GET /v1/secrets", 404),
            ("GET /v1/transfers/x", 404), ("GET /v1/transfers/-1", 404), ("GET /v1/transfers?since=x", 404),
            ("GET /v1/transfers/1/pause", 405),
            ("GET /v1/transfers/99999999999999999999", 404), ("POST /v1/transfers/1/move", 404),
            ("POST /v1/transfers/1/explode", 404), ("POST /v1/about", 405), ("GET /v1/streams", 405),
            ("POST /v1/search?q=a", 405),
            ("GET /v1/search", 404), ("GET /v1/browse?peer=me", 404), ("GET /v1/browse?peer=1&path=..", 404),
            ("DELETE /v1/transfers", 405), ("GET /v1/%zz", 404), ("GET /v1/search?q=%zz", 404),
        ])
    func refused(line: String, status: Int) throws {
        #expect(try Self.find(line) == .refused(HTTPStatus(status)))
    }

    @Test("a transfer as programs read it")
    func golden() throws {
        let order = TransferOrder(
            root: Digest(words: (1, 2, 3, 4)), size: 2_000, name: Bytes("music/song.mp3".utf8), ownership: .move)
        let waiting = Transfer(
            number: 7, order: order, place: 5,
            state: .waiting(reason: "nobody who has it is connected", until: .init(nanoseconds: 4_500_000_000)))
        let report = TransferReport(waiting, place: 1, at: .init(nanoseconds: 0))
        let root = "0000000000000001000000000000000200000000000000030000000000000004"
        let text = """
            {"number":7,"place":1,"name":"music/song.mp3","size":2000,"root":"\(root)","ownership":"move",\
            "state":"waiting","reason":"nobody who has it is connected","nextTry":5,"done":0,"bytesPerSecond":0,\
            "sources":0,"path":null}
            """
        #expect(String(decoding: report.json.encoded(), as: UTF8.self) == text)
        #expect(TransferReport(report.json) == report)
        let lines = TransferReport.table([report]).lines(width: nil)
        #expect(
            lines == [
                "N  NAME      STATE       SIZE  %  RATE  LEFT  WHY",
                "7  song.mp3  waiting  1.9 KiB  0              nobody who has it is connected; again in 5 s",
            ])
    }
}
