import IndexServer
import TestSupport
import Testing

@Suite struct SourceListsTests {
    private static let peers: UInt32 = 90

    @Test("holds what a plain sorted list holds, and no room when nobody has anything", arguments: 1...20)
    func model(seed: UInt64) {
        var random = Seeded(seed: seed)
        var lists = SourceLists()
        // Ids in another order than the slots: the lists ascend by id.
        func id(_ slot: UInt32) -> Int { Int(slot) * 37 % 91 + 1 }
        for slot in 0..<Self.peers { lists.admit(id(slot), as: slot) }
        var references = [SourceLists.Reference](repeating: .init(), count: 6)
        var model = [[SourceRecord]](repeating: [], count: references.count)
        for step in 0..<4_000 {
            let content = Int.random(in: 0..<references.count, using: &random)
            let slot = UInt32.random(in: 0..<Self.peers, using: &random)
            let copies = UInt32.random(in: 0...2, using: &random)
            if let index = lists.position(of: slot, in: references[content]) {
                #expect(model[content][index].peer == slot)
                // Waves: lists grow to many blocks' size and shrink again.
                if step / 500 % 2 == 1 || copies == 0 {
                    lists.remove(at: index, in: &references[content])
                    model[content].remove(at: index)
                } else {
                    lists.setCopies(copies, at: index, in: &references[content])
                    model[content][index].copies = copies
                }
            } else {
                let record = SourceRecord(peer: slot, copies: copies)
                lists.insert(record, in: &references[content])
                model[content].append(record)
                model[content].sort { id($0.peer) < id($1.peer) }
            }
            let count = lists.count(references[content])
            #expect((0..<count).map { lists.source(at: $0, of: references[content]) } == model[content])
        }
        for content in references.indices {
            while lists.count(references[content]) > 0 { lists.remove(at: 0, in: &references[content]) }
        }
        #expect(lists.capacity == 0)
    }
}
