import P2PProtocol
import TestSupport
import Testing

@Suite struct HostileHeadTests {
    @Test("refuses what two readers could read differently [attack A39]", arguments: HostileHead.all)
    func refused(hostile: HostileHead) {
        #expect(HeadFeeding.request(hostile.bytes).faultCode == hostile.status)
    }

    @Test("refuses it alike however it arrives [attack A39]", arguments: HostileHead.all)
    func refusedInPortions(hostile: HostileHead) {
        let whole = HeadFeeding.request(hostile.bytes)
        #expect(HeadFeeding.trickledRequest(hostile.bytes) == whole)
        for split in 0...hostile.bytes.count {
            #expect(HeadFeeding.request(hostile.bytes, splitAt: split) == whole)
        }
    }

    @Test("has enough of a table")
    func tableSize() {
        #expect(HostileHead.all.count >= 60)
    }

    @Test(
        "takes a field more than a hundred for an attack [attack A40h]", arguments: [(99, nil), (100, nil), (101, 431)])
    func fieldCount(count: Int, fault: Int?) {
        let fields = String(repeating: "X: y\r\n", count: count - 1)
        #expect(HeadFeeding.request("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n").faultCode == fault)
    }

    @Test("takes a head up to 16 KiB [attack A40h]", arguments: [(16_383, nil), (16_384, nil), (16_385, 431)])
    func headSize(size: Int, fault: Int?) {
        let start = "GET / HTTP/1.1\r\nHost: a\r\nX: "
        let value = String(repeating: "y", count: size - start.utf8.count - 4)
        #expect(HeadFeeding.request(start + value + "\r\n\r\n").faultCode == fault)
    }

    @Test(
        "takes a target up to 8 KiB [attack A40h]",
        arguments: [(8_191, nil), (8_192, nil), (8_193, 414), (12_000, 414)])
    func targetSize(size: Int, fault: Int?) {
        let target = "/" + String(repeating: "y", count: size - 1)
        #expect(HeadFeeding.request("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n").faultCode == fault)
    }

    @Test(
        "gives up on a flood before it ends [attack A40h]",
        arguments: [
            ("GET /", 1 << 20, 414), ("GET / HTTP/1.1\r\nHost: a\r\nX: ", 80 << 10, 431), ("", 1 << 20, 414),
        ])
    func flood(start: String, size: Int, fault: Int) {
        let bytes = Bytes(start.utf8) + Bytes(repeating: UInt8(ascii: "a"), count: size)
        #expect(HeadFeeding.request(bytes).faultCode == fault)
        #expect(HeadFeeding.trickledRequest(Bytes(bytes.prefix(20_000))).faultCode == fault)
    }

    @Test("gives up on a hundred thousand fields after a hundred [attack A40h]")
    func manyFields() {
        let fields = String(repeating: "a:\r\n", count: 100_000)
        #expect(HeadFeeding.request("GET / HTTP/1.1\r\n" + fields).faultCode == 431)
    }

    @Test("survives any byte of a head changed to any other", arguments: [1, 2, 3] as [UInt64])
    func flips(seed: UInt64) {
        let valid = Bytes(
            """
            POST http://h:1/a?b=c HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\nRange: bytes=0-9\r\n\
            If-Match: "x", W/"y"\r\nExpect: 100-continue\r\n\r\n
            """.utf8)
        var random = Seeded(seed: seed)
        for _ in 0..<3_000 {
            var bytes = valid
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let head = HeadFeeding.request(bytes).head else { continue }
            _ = PeerRoute.find(head)
            _ = ContentDecision.decide(head, size: 100, tag: EntityTag(Digest(words: (0, 0, 0, 0))))
            #expect(head.bodyBytes <= Limits.standard.bodyBytes)
        }
    }
}
