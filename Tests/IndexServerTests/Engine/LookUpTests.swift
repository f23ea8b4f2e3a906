import IndexServer
import P2PProtocol
import TestSupport
import Testing

@Suite struct LookUpTests {
    @Test("what a single look decides is what the whole search finds", arguments: 1...20 as ClosedRange<UInt64>)
    func agreement(_ seed: UInt64) throws {
        var random = Seeded(seed: seed)
        func word() -> String { "w\(Int.random(in: 0..<40, using: &random))" }
        func name() -> String {
            let words = (0..<Int.random(in: 1...3, using: &random)).map { _ in word() }
            return words.joined(separator: " ")
        }
        var index = EngineFixture()
        let names = (0..<30).map { _ in name() }
        let others = (0..<60).map { _ in name() }
        let hidden = try index.register(sharing: [EngineFixture.file("hidden one", 1, 1)])
        _ = try index.register(port: 9_002, sharing: EngineFixture.names(names))
        var decided = 0
        let texts = (names + names.map { $0.uppercased() } + others + ["hidden one"]).map { Bytes($0.utf8) }
        let asked = try texts.map { try #require($0.withUnsafeBufferPointer { PlainWords($0) }) }
        // Side by side one may decide on another word than alone.
        let answers = asked.map { index.engine.lookUp($0) } + index.engine.lookUp(asked)
        for (typed, answer) in zip(texts + texts, answers) {
            var search = try Search(Query.parse(typed), for: .contents, page: Page())
            try index.engine.complete(&search)
            switch answer {
            case .undecided: continue
            case .nothing: #expect(search.total == 0)
            case .content(let content):
                #expect(search.total == 1)
                #expect(search.page == [content])
            }
            decided += 1
        }
        #expect(decided > 20)
        index.engine.markProven(hidden)
        let words = try #require(Bytes("hidden one".utf8).withUnsafeBufferPointer { PlainWords($0) })
        #expect(index.engine.lookUp(words) != .nothing)
    }
}
