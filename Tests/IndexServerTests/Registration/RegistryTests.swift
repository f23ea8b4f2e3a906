import IndexServer
import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

@Suite struct RegistryTests {
    @Test("ids count from 1 and go on after a restart; a token takes over its own id only")
    func idsSurvive() async throws {
        let scratch = try ScratchFolder()
        let path = Bytes(scratch.file("registry.sqlite").utf8)
        let storage = WorkerPool(name: "storage", threads: 1)
        defer { storage.close() }
        let first = try Registry(path: path, storage: storage)
        let issued = try await withThrowingTaskGroup(of: Registry.Credential.self) { group in
            for _ in 0..<100 { group.addTask { try await first.issue() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(issued.map(\.id).sorted() == Array(1...100))
        #expect(Set(issued.map(\.token)).count == 100)

        let second = try Registry(path: path, storage: storage)
        #expect(try await second.issue().id == 101)
        let (one, two) = (try #require(issued.first { $0.id == 1 }), try #require(issued.first { $0.id == 2 }))
        #expect(second.accepts(one.token, of: 1) == true)
        #expect(second.accepts(two.token, of: 1) == false)
        #expect(second.accepts(one.token, of: 999) == nil)
    }

    @Test(
        "[fault F12] a registry that is empty, missing or an old copy starts above every id ever given",
        arguments: [0, 1, 2])
    func lostRows(kind: Int) async throws {
        let scratch = try ScratchFolder()
        let path = Bytes(scratch.file("registry.sqlite").utf8)
        let storage = WorkerPool(name: "storage", threads: 1)
        defer { storage.close() }
        var copy: Bytes = []
        do {
            let first = try Registry(path: path, storage: storage)
            for _ in 0..<3 { _ = try await first.issue() }
            try await first.settle()
            copy = ScratchFolder.read(scratch.file("registry.sqlite")) ?? []
            for _ in 0..<(kind == 2 ? 600 : 10) { _ = try await first.issue() }
            try await first.settle()
        }
        try scratch.write("registry.sqlite", kind == 2 ? copy : [])
        if kind == 1 { try scratch.move("registry.sqlite", to: "elsewhere") }
        let second = try Registry(path: path, storage: storage)
        #expect(second.isDiminished)
        #expect(try await second.issue().id > (kind == 2 ? 603 : 13))
        let third = try Registry(path: path, storage: storage)
        #expect(!third.isDiminished)
        #expect(third.count == second.count)
    }

    @Test("ids that nobody came back with are forgotten after a while, those in use are kept, and none is given again")
    func forgetting() async throws {
        let scratch = try ScratchFolder()
        let path = Bytes(scratch.file("registry.sqlite").utf8)
        let storage = WorkerPool(name: "storage", threads: 1)
        defer { storage.close() }
        let first = try Registry(path: path, storage: storage) { 100 }
        let (unused, used) = (try await first.issue(), try await first.issue())
        first.touch(used.id)
        try await first.settle()
        let kept = try Registry(path: path, storage: storage) { 100 + Registry.daysUnused }
        #expect(kept.accepts(unused.token, of: unused.id) == true)
        let later = try Registry(path: path, storage: storage) { 101 + Registry.daysUnused }
        #expect(later.accepts(unused.token, of: unused.id) == nil)
        #expect(later.accepts(used.token, of: used.id) == true)
        #expect(try await later.issue().id == 3)
        // A clock that says that everything is long ago is not believed.
        let wrong = try Registry(path: path, storage: storage) { 50_000 }
        #expect(wrong.accepts(used.token, of: used.id) == true)
    }
}
