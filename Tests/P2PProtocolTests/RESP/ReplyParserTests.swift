import P2PProtocol
import TestSupport
import Testing

@Suite struct ReplyParserTests {
    static func parse(_ text: String, limits: Limits = .standard) -> ReplyParser.Step {
        var parser = ReplyParser(limits: limits)
        return parser.next(in: Bytes(text.utf8).span)
    }

    static let replies: [(text: String, reply: Reply)] = [
        ("+OK\r\n", .simple(Bytes(ascii: "OK"))),
        ("-ERR no\r\n", .error(Bytes(ascii: "ERR no"))),
        ("!6\r\nERR no\r\n", .error(Bytes(ascii: "ERR no"))),
        (":0\r\n", .integer(0)),
        (":-12\r\n", .integer(-12)),
        (":9223372036854775807\r\n", .integer(.max)),
        ("$3\r\na\r\n\r\n", .bulk(Bytes("a\r\n".utf8))),
        ("$0\r\n\r\n", .bulk([])),
        ("$-1\r\n", .null),
        ("*-1\r\n", .null),
        ("_\r\n", .null),
        ("#t\r\n", .boolean(true)),
        ("#f\r\n", .boolean(false)),
        (",1.5\r\n", .double(1.5)),
        (",-2e3\r\n", .double(-2_000)),
        (",inf\r\n", .double(.infinity)),
        (",-inf\r\n", .double(-.infinity)),
        ("(-349286\r\n", .bigNumber(Bytes(ascii: "-349286"))),
        ("=6\r\ntxt:hi\r\n", .verbatim(format: Bytes(ascii: "txt"), text: Bytes(ascii: "hi"))),
        ("*0\r\n", .array([])),
        ("%0\r\n", .map([])),
        ("*2\r\n:1\r\n*1\r\n_\r\n", .array([.integer(1), .array([.null])])),
        ("%1\r\n+a\r\n*0\r\n", .map([Reply.Pair(key: .simple(Bytes(ascii: "a")), value: .array([]))])),
        ("~1\r\n:1\r\n", .set([.integer(1)])),
        (">2\r\n+message\r\n:1\r\n", .push([.simple(Bytes(ascii: "message")), .integer(1)])),
    ]

    @Test("reads every kind of reply", arguments: replies)
    func kinds(text: String, reply: Reply) {
        #expect(Self.parse(text) == .reply(reply, consumed: text.utf8.count))
        #expect(Self.parse(text + "+rest\r\n") == .reply(reply, consumed: text.utf8.count))
    }

    @Test("[attack A6] waits for the rest at every short length, and reads the same byte by byte", arguments: replies)
    func trickle(text: String, reply: Reply) {
        let bytes = Bytes(text.utf8)
        var parser = ReplyParser()
        for count in 0..<bytes.count {
            #expect(Self.parse(String(decoding: bytes[..<count], as: UTF8.self)) == .needMore)
            #expect(parser.next(in: bytes.span.extracting(first: count)) == .needMore)
        }
        #expect(parser.next(in: bytes.span) == .reply(reply, consumed: bytes.count))
    }

    @Test(
        "[attack A3] refuses what is no reply",
        arguments: [
            "HTTP/1.1 400\r\n", "\r\n", "x", "\u{0}", "$-2\r\n", "$+1\r\n", "$\r\n", "$9999999999999999999\r\n",
            "$33554433\r\n", "*-2\r\n", "*99999999999999999999\r\n", "*33554433\r\n", "%-1\r\n", "~-1\r\n", ":\r\n",
            ":+1\r\n", ":1a\r\n", ":--1\r\n", ":9223372036854775808\r\n", "#x\r\n", "#\r\n", ",x\r\n", ",\r\n",
            ",0x1p3\r\n", "(\r\n", "(1a\r\n", "_x\r\n", "=3\r\nabc\r\n", "=4\r\nabcd\r\n", "$1\r\nab\r\n",
            "$1\r\na\n\n",
            "+a\n", "+a\rb", "$?\r\n", "*?\r\n", "|1\r\n", ".\r\n",
        ])
    func refused(text: String) {
        guard case .failed(let error) = Self.parse(text) else {
            Issue.record("\(text.debugDescription) is taken")
            return
        }
        #expect(error.consequence == .hangUp)
    }

    @Test("[attack A20] holds nesting to its limit, without a deep stack")
    func depth() {
        let limits = Limits.standard
        for kind in ["*1\r\n", "~1\r\n", ">1\r\n", "%1\r\n+k\r\n"] {
            let deepest = String(repeating: kind, count: limits.depth) + ":1\r\n"
            guard case .reply = Self.parse(deepest) else { Issue.record("\(kind) at the limit is refused"); continue }
            let deeper = Self.parse(kind + deepest)
            #expect(deeper == .failed(.fatal("the server's reply nests deeper than \(limits.depth)")))
            guard case .failed = Self.parse(String(repeating: kind, count: 100_000)) else {
                Issue.record("\(kind) 100,000 times is taken")
                continue
            }
        }
    }

    @Test("[attack A4] holds a reply's bytes to their limit", arguments: [(99, true), (100, true), (101, false)])
    func size(length: Int, isAllowed: Bool) {
        var limits = Limits.standard
        limits.replyBytes = 100
        let text = "$\(length)\r\n" + String(repeating: "a", count: length) + "\r\n"
        if case .reply = Self.parse(text, limits: limits) { #expect(isAllowed) } else { #expect(!isAllowed) }
    }

    @Test("[attack A4] refuses a reply of which no end comes")
    func endless() {
        var limits = Limits.standard
        limits.replyBytes = 1_000
        let items = "*1000\r\n" + String(repeating: ":1\r\n", count: 300)
        #expect(Self.parse(items, limits: limits) == .failed(.fatal("the server's reply is longer than 1000 bytes")))
        let line = "+" + String(repeating: "a", count: 70_000)
        #expect(Self.parse(line) == .failed(.fatal("the server's reply has a line longer than 65536 bytes")))
    }

    @Test("reads back what the writer writes, in either version", arguments: 0..<50)
    func roundTrip(seed: UInt64) {
        var random = Seeded(seed: seed)
        for version in [RESPVersion.two, .three] {
            let replies = (0..<10).map { _ in Reply.random(version, depth: 4, using: &random) }
            var writer = ReplyWriter(version: version)
            for reply in replies { writer.write(reply) }
            var (parser, buffer, read) = (ReplyParser(), Bytes(), [Reply]())
            for portion in writer.output.bytes.cut(using: &random) {
                buffer += portion
                while case .reply(let reply, let consumed) = parser.next(in: buffer.span) {
                    read.append(reply)
                    buffer.removeFirst(consumed)
                }
            }
            #expect(read == replies, "seed \(seed)")
            #expect(buffer.isEmpty)
        }
    }

    @Test("gives a map's values by their keys, in either version")
    func keys() {
        for text in ["%2\r\n$2\r\nid\r\n:5\r\n$4\r\nname\r\n_\r\n", "*4\r\n$2\r\nid\r\n:5\r\n$4\r\nname\r\n$-1\r\n"] {
            guard case .reply(let reply, _) = Self.parse(text) else { Issue.record("no reply"); continue }
            #expect(reply["id"]?.integer == 5)
            #expect(reply["name"]?.isNull == true)
            #expect(reply["port"] == nil)
            #expect(reply[7] == nil)
        }
    }
}
