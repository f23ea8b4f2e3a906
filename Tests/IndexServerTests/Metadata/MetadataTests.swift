import IndexServer
import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

@Suite struct MetadataTests {
    @Test(
        "[mission T3] ADD says what is missing, EDIT changes where the title is known, DEL forgets; titles compare folded"
    )
    func verbs() throws {
        var notes = Notes()
        #expect(try notes.edit("Calm", "artist=A") == 0)
        #expect(try notes.add("Calm", "artist=A year=1999") == 2)
        #expect(try notes.add("CALM", "artist=B note=n") == 1)
        #expect(notes["calm"] == "artist=A year=1999 note=n")
        #expect(try notes.edit("cALM", "year=2000 mood=m") == 2)
        #expect(notes["Calm"] == "artist=A year=2000 note=n mood=m")
        #expect(try notes.delete("CALM") == 1)
        #expect(try notes.delete("CALM") == 0)
        #expect(notes["calm"] == nil)
    }

    @Test("[mission T5] the last writer wins, whatever comes last; nobody writes later than now")
    func lastWriter() throws {
        var notes = Notes()
        _ = try notes.add("t", "a=1", at: 500, by: "bob")
        #expect(try notes.edit("t", "a=0", at: 400, by: "eve") == 0)
        #expect(notes["t"] == "a=1")
        #expect(try notes.edit("t", "a=2", at: 600, by: "ann") == 1)
        #expect(try notes.edit("t", "a=3") == 1)
        #expect(try notes.edit("t", "a=9", at: 999, by: "eve") == 0)
        #expect(notes["t"] == "a=3")
        // A stamp from the future counts as now, so that it can still be contradicted.
        #expect(try notes.edit("t", "a=future", at: 1 << 60, by: "eve") == 1)
        #expect(try notes.edit("t", "a=4") == 1)
        #expect(notes["t"] == "a=4")
    }

    @Test("indexes that are told the same things in different orders agree", arguments: 0..<50)
    func convergence(seed: Int) throws {
        var random = Seeded(seed: UInt64(seed))
        let said = (0..<12).map { _ in
            (
                "f\(Int.random(in: 0...2, using: &random))=\(Int.random(in: 0...9, using: &random))",
                Int.random(in: 1...4, using: &random), "u\(Int.random(in: 0...2, using: &random))"
            )
        }
        var results: Set<[String]> = []
        for _ in 0..<6 {
            var notes = Notes()
            _ = try notes.add("t", "f0= f1= f2=", at: 0, by: "u")
            for (fields, time, user) in said.shuffled(using: &random) {
                _ = try notes.edit("t", fields, at: time, by: user)
            }
            results.insert(notes["t"]?.split(separator: " ").map(String.init).sorted() ?? [])
        }
        #expect(results.count == 1)
    }

    @Test("each limit refuses by its name, at the first beyond it, and then nothing has changed")
    func limits() throws {
        var limits = Limits.standard
        (limits.metaTitles, limits.metaFields, limits.metaValueBytes, limits.metaBytes) = (2, 2, 4, 14)
        var notes = Notes(limits: limits)
        #expect(try notes.add("1", "a=1234") == 1)
        #expect(notes.refusal("1", "b=12345")?.contains("4 bytes") == true)
        #expect(notes.refusal("1", "b=1 c=1")?.contains("2 fields") == true)
        #expect(try notes.add("1", "b=1") == 1)
        #expect(notes.refusal("2", "a=12345678") != nil)
        #expect(notes.refusal("2", "a=1 b=1234")?.contains("14 bytes") == true)
        #expect(try notes.add("2", "a=1") == 1)
        #expect(notes.refusal("3", "a=")?.contains("2 titles") == true)
        #expect(try notes.delete("2") == 1)
        #expect(try notes.add("3", "a=") == 1)
        #expect(notes["1"] == "a=1234 b=1")
    }

    @Test("pages go on where they ended, whatever is added and deleted meanwhile")
    func pages() throws {
        var notes = Notes()
        for number in 0..<200 { _ = try notes.add("title \(number)", "n=\(number)") }
        let first = try notes.value.page(Page(limit: 100))
        for number in 50..<190 { _ = try notes.delete("title \(number)") }
        _ = try notes.add("late", "n=1")
        let second = try notes.value.page(Page(limit: 100, cursor: first.next))
        #expect(first.records.count == 100)
        #expect(
            second.records.map { String(decoding: $0.title, as: UTF8.self) }
                == (190..<200).map { "title \($0)" } + ["late"])
        #expect(second.next == [UInt8(ascii: "0")])
        #expect(throws: WireError.self) { try notes.value.page(Page(cursor: Bytes(ascii: "x"))) }
        #expect(try notes.value.page(Page(cursor: Bytes("\(Int.max)".utf8))).records.isEmpty)
    }

    @Test("a page ends where it becomes long")
    func longPages() throws {
        var limits = Limits.standard
        limits.metaPageBytes = 100
        var notes = Notes(limits: limits)
        for number in 10..<20 { _ = try notes.add("\(number)", "n=" + String(repeating: "x", count: 47)) }
        let page = try notes.value.page(Page())
        #expect(page.records.count == 2)
        #expect(try notes.value.page(Page(cursor: page.next)).records.first?.title == Bytes(ascii: "12"))
    }

    @Test("[mission T6] what was answered is there after a restart: fields, order, stamps and ids")
    func archive() async throws {
        let scratch = try ScratchFolder()
        let path = Bytes(scratch.file("metadata.sqlite").utf8)
        let storage = WorkerPool(name: "storage", threads: 1)
        defer { storage.close() }
        let first = try MetadataArchive(path: path, storage: storage)
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<100 {
                group.addTask {
                    try await first.change(.add(Notes.statement("t\(number)", "a=1 b=2", at: 7, by: "bob")))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers == Array(repeating: 2, count: 100))
        #expect(try await first.change(.delete(Bytes(ascii: "t99"))) == 1)
        #expect(try await first.change(.edit(Notes.statement("t7", "b=", at: 8, by: nil))) == 1)
        await #expect(throws: WireError.self) {
            try await first.change(
                .edit(Notes.statement("t7", "b=" + String(repeating: "x", count: 5_000), at: 9, by: nil)))
        }
        let second = try MetadataArchive(path: path, storage: storage)
        #expect(second.count == 99)
        for number in 0..<100 {
            let title = Bytes("t\(number)".utf8)
            #expect(second.record(of: title) == first.record(of: title))
        }
        #expect(try await second.change(.add(Notes.statement("new", "a=1", at: 7, by: nil))) == 1)
        #expect(try #require(second.record(of: Bytes(ascii: "new"))).id == 101)
    }
}

/// Metadata with words instead of bytes.
private struct Notes {
    var value: Metadata
    private let limits: Limits

    init(limits: Limits = .standard) {
        self.limits = limits
        value = Metadata(limits: limits)
    }

    static func statement(_ title: String, _ fields: String, at time: Int?, by user: String?) -> Statement {
        let list = fields.split(separator: " ").map { field in
            let halves = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return MetaFields.Field(name: Bytes(halves[0].utf8), value: Bytes(halves[1].utf8))
        }
        let stamp = user.map { MetaFields.Stamp(time: time ?? 0, user: Bytes($0.utf8)) }
        return Statement(
            MetaFields(title: Bytes(title.utf8), fields: list, stamp: stamp), now: user == nil ? time ?? 1_000 : 1_000)
    }

    subscript(_ title: String) -> String? {
        value.record(of: Bytes(title.utf8)).map { record in
            record.fields.map { String(decoding: $0.name + [UInt8(ascii: "=")] + $0.value, as: UTF8.self) }
                .joined(separator: " ")
        }
    }

    mutating func add(_ title: String, _ fields: String, at time: Int? = nil, by user: String? = nil) throws -> Int {
        try apply(.add(Self.statement(title, fields, at: time, by: user)))
    }

    mutating func edit(_ title: String, _ fields: String, at time: Int? = nil, by user: String? = nil) throws -> Int {
        try apply(.edit(Self.statement(title, fields, at: time, by: user)))
    }

    mutating func delete(_ title: String) throws -> Int { try apply(.delete(Bytes(title.utf8))) }

    /// Why an ADD is refused; nil when it is not.
    mutating func refusal(_ title: String, _ fields: String) -> String? {
        do {
            _ = try add(title, fields)
            return nil
        } catch {
            return "\(error)"
        }
    }

    private mutating func apply(_ change: MetadataChange) throws -> Int {
        let draft = value.draft([change])
        value.commit(draft)
        return try draft.answers[0].get()
    }
}
