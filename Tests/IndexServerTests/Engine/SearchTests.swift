import IndexServer
import P2PProtocol
import P2PRuntime
import Testing

@Suite struct SearchTests {
    @Test(
        "exact names come first, then the order in which contents became known",
        arguments: [
            ("calm", ["2 Calm.mp3", "1 calm sea", "3 x/calm/y"]),
            ("calm sea", ["1 calm sea"]),
            ("CALM.MP3", ["2 Calm.mp3"]),
            ("cal*", ["1 calm sea", "2 Calm.mp3", "3 x/calm/y"]),
            ("calm -sea", ["2 Calm.mp3", "3 x/calm/y"]),
            ("ext:mp3", ["2 Calm.mp3"]),
            ("size:>1", ["2 Calm.mp3", "3 x/calm/y"]),
            ("peer:1", ["1 calm sea", "2 Calm.mp3", "3 x/calm/y"]),
            ("peer:2", []),
            ("calm nothing", []),
        ])
    func order(_ query: String, _ expected: [String]) throws {
        var index = EngineFixture()
        _ = try index.registerProven(
            sharing: [
                EngineFixture.file("calm sea", 1, 1), EngineFixture.file("Calm.mp3", 2, 2),
                EngineFixture.file("x/calm/y", 3, 3),
            ])
        let found = try index.search(query)
        let names = expected.map { "\($0.dropFirst(2)) 1" }
        #expect(found.lines == names)
        #expect(found.total == expected.count)
    }

    @Test("[attack A16] the words of a beginning are found in steps, however many there are and are asked for")
    func beginnings() throws {
        var limits = Limits.standard
        limits.postingsPerStep = 1_024
        var index = EngineFixture(limits: limits)
        let names = (0..<3_000).map { "w\($0) x\($0 % 7) \($0 % 2 == 0 ? "even" : "odd")" }
        _ = try index.register(sharing: EngineFixture.names(names))
        let expected: [(String, Int)] = [
            ("w*", 3_000), ("w* x*", 3_000), ("w1* x3*", names.count { $0.hasPrefix("w1") && $0.contains("x3") }),
            ("w* -w1*", names.count { !$0.hasPrefix("w1") }),
            (
                "even -w1* -w2* -x3*",
                names.count {
                    !$0.hasPrefix("w1") && !$0.hasPrefix("w2") && !$0.contains("x3") && $0.hasSuffix("even")
                }
            ),
            ("v*", 0), ("even -v*", 1_500), ("w2999*", 1), ("w* nowhere", 0),
        ]
        for (query, total) in expected { #expect(try index.search(query).total == total, "\(query)") }
        var search = try Search(Query.parse(Bytes("w* x*".utf8)), for: .contents, page: Page())
        var steps = 1
        while try !index.engine.advance(&search) { steps += 1 }
        #expect(steps > 5)
    }

    @Test(
        "words are told apart to their last byte, however long, and found by any beginning",
        arguments: [
            ("abcdefghijklmno", ["abcdefghijklmno"]), ("abcdefghijklmnop", ["abcdefghijklmnop"]),
            ("abcdefghijklmnopq", ["abcdefghijklmnopq"]), ("abcdefgh", ["abcdefgh"]), ("a", ["a"]),
            ("abcdefghi*", ["abcdefghijklmno", "abcdefghijklmnop", "abcdefghijklmnopq"]),
            ("abcdefghijklmnop*", ["abcdefghijklmnop", "abcdefghijklmnopq"]), ("abcdefghijklmnopqr*", []),
            ("a*", ["a", "abcdefgh", "abcdefghijklmno", "abcdefghijklmnop", "abcdefghijklmnopq"]),
        ])
    func spelling(_ query: String, _ expected: [String]) throws {
        var index = EngineFixture()
        let names = ["a", "abcdefgh", "abcdefghijklmno", "abcdefghijklmnop", "abcdefghijklmnopq", "b"]
        _ = try index.register(sharing: EngineFixture.names(names))
        #expect(try index.search(query).lines == expected.map { "\($0) 1" })
    }

    @Test("a hit is one content under the name that most sources use, bytewise first on a tie")
    func name() throws {
        var index = EngineFixture()
        for name in ["tune b", "tune a", "tune b", "tune a"] {
            _ = try index.registerProven(sharing: [EngineFixture.file(name, 1, 1)])
        }
        let tie = try index.search("tune")
        index.engine.unregister(2)
        let majority = try index.search("tune")
        #expect(tie == .only("tune a 1,2,3,4"))
        #expect(majority == .only("tune b 1,3,4"))
    }

    @Test("an entry without root is found, and has no source yet")
    func unhashed() throws {
        var index = EngineFixture()
        _ = try index.registerProven(sharing: [EngineFixture.file("song", 1, nil)])
        let before = try index.search("song")
        _ = try index.engine.add([EngineFixture.file("song", 1, 1)], to: 1)
        let after = try index.search("song")
        #expect(before == .only("song"))
        #expect(after == .only("song 1"))
    }

    @Test("a page ends with the cursor of the next, and 0 ends", arguments: 1...6)
    func pages(_ limit: Int) throws {
        var index = EngineFixture()
        _ = try index.register(sharing: EngineFixture.names(["b x", "x", "x c", "x.d", "e x"]))
        var lines: [String] = []
        var cursor: Bytes?
        repeat {
            let page = try index.search("x", limit: limit, cursor: cursor)
            #expect(page.total == 5)
            lines += page.lines
            cursor = page.next == [UInt8(ascii: "0")] ? nil : page.next
        } while cursor != nil
        #expect(lines == ["x 1", "x.d 1", "b x 1", "x c 1", "e x 1"])
    }

    @Test("a cursor stays valid while peers come and go and the catalog is compacted")
    func cursorAcrossCompaction() throws {
        var index = EngineFixture()
        let leaving = try index.register(sharing: EngineFixture.names((0..<40).map { "x leaves \($0)" }))
        _ = try index.register(sharing: EngineFixture.names((0..<6).map { "x stays \($0)" }))
        let first = try index.search("x stays", limit: 2)
        index.engine.unregister(leaving)
        var compactions: [Bool] = []
        for minute in 0..<3 {
            let now = Moment(nanoseconds: Int64(minute + 1) * 240_000_000_000)
            compactions.append(index.engine.compactIfWorthwhile(now: now, atLeast: 0))
        }
        let second = try index.search("x stays", limit: 2, cursor: first.next)
        let third = try index.search("x stays", limit: 2, cursor: second.next)
        #expect(compactions.contains(true))
        #expect(first.lines + second.lines + third.lines == (0..<6).map { "x stays \($0) 2" })
        #expect(third.next == [UInt8(ascii: "0")])
    }

    @Test(
        "a cursor that no answer gave is refused", arguments: ["x", "-1", "99999999999999999999", "4294967296000", ""])
    func badCursor(_ cursor: String) throws {
        var index = EngineFixture()
        _ = try index.register(sharing: EngineFixture.names(["x"]))
        #expect(throws: Refusal.badCursor) { _ = try index.search("x", cursor: Bytes(cursor.utf8)) }
    }

    @Test("a long search goes in steps, between which the index may change")
    func steps() throws {
        var limits = Limits.standard
        limits.postingsPerStep = 10
        var index = EngineFixture(limits: limits)
        _ = try index.register(sharing: EngineFixture.names((0..<35).map { "x \($0)" } + ["x"]))
        var search = try Search(Query.parse(Bytes(ascii: "x")), for: .contents, page: Page(limit: 3))
        var steps = 1
        while try !index.engine.advance(&search) {
            steps += 1
            if steps == 2 { _ = try index.engine.add(EngineFixture.names(["x late"]), to: 1) }
        }
        #expect(steps == 3)
        #expect(search.total == 37)
        #expect(search.page.count == 3)
    }

    @Test("LIST knows each name once, SEARCH each content once, over any number of pages", arguments: 1...4)
    func groups(_ limit: Int) throws {
        var index = EngineFixture()
        for peer in 0..<3 {
            let files = try (0..<4).map { try EngineFixture.file("n\($0)", 1, UInt64(($0 + peer) % 4)) }
            _ = try index.registerProven(sharing: files)
        }
        for isList in [true, false] {
            var lines: [String] = []
            var cursor: Bytes?
            repeat {
                let page =
                    try isList
                    ? index.list(limit: limit, cursor: cursor) : index.search("*", limit: limit, cursor: cursor)
                #expect(page.total == 4)
                lines += page.lines
                cursor = page.next == [UInt8(ascii: "0")] ? nil : page.next
            } while cursor != nil
            #expect(lines.count == 4)
            if isList { #expect(lines.sorted() == ["n0", "n1", "n2", "n3"]) }
        }
    }

    @Test("BROWSE opens one folder: files with their size and root, folders with their sum")
    func browse() throws {
        var index = EngineFixture()
        let list = try [
            EngineFixture.file("x/b", 1, 1), EngineFixture.file("x/y/a", 2, 2), EngineFixture.file("x/y/z/c", 4, 3),
            EngineFixture.file("top", 8, nil), EngineFixture.file("xy", 16, 4),
        ]
        let id = try index.register(sharing: list)
        let hidden = try index.engine.browse(id, page: Page())
        index.engine.markProven(id)
        let top = try index.engine.browse(id, page: Page())
        let folder = try index.engine.browse(id, folder: EngineFixture.name("x"), page: Page(limit: 1))
        let rest = try index.engine.browse(
            id, folder: EngineFixture.name("x"), page: Page(limit: 1, cursor: folder.next))
        #expect(hidden.total == 0)
        #expect(top.entries.map { String(decoding: $0.name, as: UTF8.self) } == ["top", "x/", "xy"])
        #expect(top.entries.map(\.size) == [8, 7, 16])
        #expect(folder.total == 2)
        #expect(folder.entries == [BrowseEntry(name: Bytes(ascii: "b"), size: 1, root: EngineFixture.root(1))])
        #expect(rest.entries == [BrowseEntry(name: Bytes(ascii: "y/"), size: 6, root: nil)])
        #expect(rest.next == [UInt8(ascii: "0")])
    }
}
