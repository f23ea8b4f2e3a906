import IndexServer
import TestSupport
import Testing

@Suite struct PostingsTests {
    /// Lists of different density that grow side by side, as the words of names do.
    private static func grow(
        _ seed: UInt64, until end: UInt32, _ body: (borrowing Postings, [(Postings.Reference, [UInt32])]) -> Void
    ) {
        var random = Seeded(seed: seed)
        var postings = Postings()
        // Of 1,024 titles; the densities change halfway, so that one list has chunks of every kind.
        let chances = (0..<12).map { _ in
            (Int.random(in: 0..<11, using: &random), Int.random(in: 0..<11, using: &random))
        }
        var lists: [(Postings.Reference, [UInt32])] = Array(repeating: (0, []), count: chances.count)
        for title in 0..<end {
            for index in lists.indices {
                let chance = title < end / 2 ? chances[index].0 : chances[index].1
                guard UInt64.random(in: 0..<1_024, using: &random) < 1 << UInt64(chance) else { continue }
                if lists[index].1.isEmpty { lists[index].0 = title }
                postings.append(title, to: &lists[index].0)
                lists[index].1.append(title)
            }
        }
        body(postings, lists.filter { !$0.1.isEmpty })
    }

    @Test("a list gives back what was put in, whole, by chunks and one by one", arguments: 1...6 as ClosedRange<UInt64>)
    func contents(_ seed: UInt64) {
        Self.grow(seed, until: 200_000) { postings, lists in
            for (list, expected) in lists {
                var found: [UInt32] = []
                postings.forEach(list) { found.append($0) }
                #expect(found == expected)
                #expect(postings.count(list) == expected.count)
                #expect(postings.first(list) == expected[0])
                let sample = Set(expected)
                for title in stride(from: UInt32(0), to: 200_000, by: 997) {
                    #expect(postings.contains(title, in: list) == sample.contains(title))
                }
            }
        }
    }

    @Test("walking from chunk to chunk meets every title once", arguments: 7...9 as ClosedRange<UInt64>)
    func chunks(_ seed: UInt64) {
        Self.grow(seed, until: 150_000) { postings, lists in
            for (list, expected) in lists {
                var found: [UInt32] = []
                var next: UInt32 = 0
                while let number = postings.nextChunk(from: next, of: list) {
                    let chunk = postings.chunk(number, of: list)
                    var count = 0
                    chunk.forEach { low in
                        found.append(number * UInt32(Postings.chunkTitles) + UInt32(low))
                        count += 1
                    }
                    #expect(chunk.count == count)
                    next = number + 1
                }
                #expect(found == expected)
                #expect(postings.nextChunk(from: 1 << 14, of: list) == nil)
            }
        }
    }

    @Test("a title that comes twice in a row counts once, in a list of one, a tail and a dense chunk")
    func repeats() {
        var postings = Postings()
        var list: Postings.Reference = 5
        postings.append(5, to: &list)
        #expect(postings.count(list) == 1)
        for title in 6..<UInt32(Postings.dense + 100) {
            postings.append(title, to: &list)
            postings.append(title, to: &list)
        }
        #expect(postings.count(list) == Postings.dense + 95)
    }
}
