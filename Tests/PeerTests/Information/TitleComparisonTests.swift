import P2PProtocol
import P2PRuntime
import Peer
import TestSupport
import Testing

@Suite struct TitleComparisonTests {
    private static let servers = [1, 2, 3].map { ServerAddress(host: "s\($0)", port: 8_888) }

    private func record(_ title: String, _ fields: [(String, String)]) -> TitleRecord {
        TitleRecord(
            title: Bytes(title.utf8),
            fields: fields.map { MetaFields.Field(name: Bytes($0.0.utf8), value: Bytes($0.1.utf8)) })
    }

    private func compare(_ records: [TitleRecord?]) -> TitleComparison? {
        TitleComparison(zip(Self.servers, records).map { ($0, $1) })
    }

    @Test("[mission T4] the answers of all servers stand side by side, and what differs is marked")
    func sideBySide() throws {
        let compared = try #require(
            compare([
                record("Calm Sea", [("artist", "Anna"), ("year", "1999")]),
                record("calm sea", [("year", "2001"), ("artist", "Anna"), ("note", "live")]), nil,
            ]))
        #expect(compared.differs)
        #expect(
            compared.text(width: nil)
                == """
                Calm Sea  (the servers differ)
                            s1:8888  s2:8888  s3:8888 (unknown)
                * artist  Anna     Anna     -
                * year    1999     2001     -
                * note    -        live     -

                """.replacing("            s1", with: "          s1"))
    }

    @Test("[mission T4] nothing is marked where all agree, and one server alone needs no table")
    func agreement() throws {
        let one = record("Calm Sea", [("artist", "Anna")])
        let both = try #require(TitleComparison([(Self.servers[0], one), (Self.servers[1], one)]))
        #expect(!both.differs)
        #expect(!both.text(width: 80).contains("*"))
        let alone = try #require(TitleComparison([(Self.servers[0], one)]))
        #expect(alone.text(width: 80) == "Calm Sea\n  artist: Anna\n")
        #expect(compare([nil, nil, nil]) == nil)
    }

    @Test("[mission T3] all titles are brought together by their search keys")
    func all() {
        let all = TitleComparison.all(of: [
            (Self.servers[0], [record("Storm", [("a", "1")]), record("Calm Sea", [("a", "1")])]),
            (Self.servers[1], [record("CALM SEA", [("a", "2")])]),
        ])
        #expect(all.map { String(decoding: $0.title, as: UTF8.self) } == ["Calm Sea", "Storm"])
        #expect(all.map(\.differs) == [true, true])
        #expect(all[0].rows.map(\.field) == [[0x61]])
        #expect(all[0].rows.map(\.values) == [[[0x31], [0x32]]])
    }

    @Test("[attack A69] a long or hostile value leaves the table in its columns")
    func narrow() throws {
        let long = record("t", [(String(repeating: "f", count: 200), String(repeating: "\u{1B}[2J水", count: 500))])
        let compared = try #require(compare([long, long, record("t", [])]))
        for line in compared.text(width: 80).split(separator: "\n") {
            #expect(Display.columns(of: String(line)) <= 80)
            #expect(!line.unicodeScalars.contains("\u{1B}"))
        }
    }

    @Test("for programs: null where a server knows nothing of the title")
    func json() throws {
        let compared = try #require(compare([record("t", [("a", "1")]), nil, record("t", [])]))
        #expect(
            String(decoding: compared.json.encoded(), as: UTF8.self)
                == #"{"title":"t","differs":true,"servers":[{"server":"s1:8888","fields":{"a":"1"}},"#
                + #"{"server":"s2:8888","fields":null},{"server":"s3:8888","fields":{}}]}"#)
    }
}
