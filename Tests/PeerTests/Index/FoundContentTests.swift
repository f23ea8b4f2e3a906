import P2PProtocol
import P2PRuntime
import Peer
import Testing

@Suite struct FoundContentTests {
    private static let one = ServerAddress(host: "one", port: 8_888)
    private static let two = ServerAddress(host: "two", port: 8_888)

    private func hit(_ name: String, _ content: String?, size: Int? = 3, at ports: [Int]) -> IndexHit {
        IndexHit(
            name: Bytes(name.utf8), size: size, root: content.map { root(of: $0) },
            sources: ports.map { IndexSource(id: $0, host: Bytes(ascii: "10.0.0.1"), port: 9_000 + $0) })
    }

    @Test("the same content on two servers is one, with everybody who has it")
    func merges() {
        let merged = FoundContent.merge([
            (Self.one, [hit("a", "A", at: [1, 2])]), (Self.two, [hit("other", "A", at: [2, 3])]),
        ])
        #expect(merged.count == 1)
        #expect(merged[0].name == Bytes(ascii: "a"))
        #expect(merged[0].holders.map(\.source.id) == [1, 2, 3])
        #expect(merged[0].holders.map(\.server) == [Self.one, Self.one, Self.two])
        #expect(merged[0].count == 3)
    }

    @Test("what no root tells apart is told apart by name and size")
    func withoutRoot() {
        let merged = FoundContent.merge([
            (Self.one, [hit("a", nil, size: nil, at: [1]), hit("a", nil, size: 3, at: [2])]),
            (Self.two, [hit("a", nil, size: nil, at: [3]), hit("a", "A", at: [4])]),
        ])
        #expect(merged.map(\.size) == [nil, 3, 3])
        #expect(merged.map { $0.holders.map(\.source.id) } == [[1, 3], [2], [4]])
    }

    @Test(
        "[attack A68] who claims another size for a root has a content of their own, and does not spoil the honest one")
    func sizes() {
        let merged = FoundContent.merge([
            (Self.one, [hit("a", "A", size: 4, at: [1]), hit("a", "A", size: 3, at: [2])])
        ])
        #expect(merged.map(\.size) == [4, 3])
        #expect(merged.map { $0.holders.map(\.source.id) } == [[1], [2]])
    }

    @Test(
        "[attack A29] [attack A30] addresses and ports that no peer has are not dialled, whoever names them",
        arguments: [
            ("0.0.0.0", 9_001), ("255.255.255.255", 9_001), ("224.0.0.1", 9_001), ("169.254.169.254", 9_001),
            ("::", 9_001), ("ff02::1", 9_001), ("fe80::1", 9_001), ("2130706433", 9_001), ("localhost", 9_001),
            ("10.0.0.1", 0), ("10.0.0.1", 22), ("10.0.0.1", 443), ("10.0.0.1", 6_379), ("10.0.0.1", 65_536),
        ])
    func undialled(host: String, port: Int) {
        #expect(IndexSource(id: 1, host: Bytes(host.utf8), port: port).endpoint == nil)
    }

    @Test("what one server ranks high stands high")
    func order() {
        let merged = FoundContent.merge([
            (Self.one, [hit("a", "A", at: [1]), hit("b", "B", at: [1])]),
            (Self.two, [hit("c", "C", at: [2]), hit("a", "A", at: [2])]),
        ])
        #expect(merged.map(\.name) == ["a", "c", "b"].map { Bytes($0.utf8) })
    }

    @Test(
        "what cannot be downloaded says why",
        arguments: [
            (nil, nil, "10.0.0.1", false), (3, nil, "10.0.0.1", false), (3, "A", nil, false), (3, "A", "x", false),
            (3, "A", "10.0.0.1", true),
        ] as [(Int?, String?, String?, Bool)])
    func obstacle(size: Int?, content: String?, host: String?, isFree: Bool) {
        let source = IndexSource(id: 1, host: host.map { Bytes($0.utf8) }, port: 9_001)
        let found = FoundContent(
            name: Bytes(ascii: "a"), size: size, root: content.map { root(of: $0) },
            holders: [Holder(server: Self.one, source: source)])
        #expect((found.obstacle == nil) == isFree)
    }

    @Test("[mission N13] holders come in the order in which they answer, those of whom nobody knows behind them")
    func latency() {
        let holders = (1...4).map { id in
            Holder(server: Self.one, source: IndexSource(id: id, host: Bytes("10.0.0.\(id)".utf8), port: 9_001))
        }
        let found = FoundContent(name: [0x61], size: 1, root: root(of: "A"), holders: holders)
        let endpoints = holders.compactMap(\.source.endpoint)
        let measured = found.measured([endpoints[1]: .milliseconds(3), endpoints[2]: .microseconds(700)])
        #expect(measured.holders.map(\.source.id) == [3, 2, 1, 4])
        #expect(measured.holders.map(\.latency) == [.microseconds(700), .milliseconds(3), nil, nil])
    }

    @Test(
        "[mission L1] a peer is named by its id, with the server where several are asked",
        arguments: [
            ("5", 5, nil), ("5@two", 5, two), ("5@two:9", 5, ServerAddress(host: "two", port: 9)), ("0", nil, nil),
            ("-1", nil, nil), ("5@", nil, nil), ("@two", nil, nil), ("", nil, nil), ("99999999999999999999", nil, nil),
        ] as [(String, Int?, ServerAddress?)])
    func reference(text: String, id: Int?, server: ServerAddress?) {
        let reference = PeerReference(Bytes(text.utf8))
        #expect(reference?.id == id)
        #expect(reference?.server == server)
    }
}
