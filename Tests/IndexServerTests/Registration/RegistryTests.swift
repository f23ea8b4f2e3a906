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
}
