import IndexServer
import TestSupport
import Testing

/// The sets of a search against plain ones, in every pair of forms.
@Suite struct ChunkSetTests {
    /// How many titles of the first chunk: one, a list that is open or sealed, bits.
    static let sizes = [1, 40, 3_000, 30_000]

    /// A list with so many titles in the first chunk, closed by one in the second if it is to be sealed.
    private static func list(
        _ count: Int, isSealed: Bool, _ postings: inout Postings, _ random: inout Seeded
    ) -> (Postings.Reference, Set<UInt16>) {
        var titles: Set<UInt16> = []
        while titles.count < count { titles.insert(.random(in: .min ... .max, using: &random)) }
        let sorted = titles.sorted()
        var list = Postings.Reference(sorted[0])
        for title in sorted { postings.append(UInt32(title), to: &list) }
        if isSealed { postings.append(UInt32(Postings.chunkTitles), to: &list) }
        return (list, titles)
    }

    private static func contents(_ set: borrowing ChunkSet, from start: UInt16 = 0) -> [UInt16] {
        var found: [UInt16] = []
        set.forEach(from: start) {
            found.append($0); return true
        }
        return found
    }

    @Test("keeping and dropping lists is what it is for sets", arguments: sizes, sizes)
    func lists(_ first: Int, _ second: Int) {
        var random = Seeded(seed: UInt64(first * 31 + second))
        for (isSealed, otherIsSealed) in [(true, true), (true, false), (false, true), (false, false)] {
            var postings = Postings()
            let (one, titles) = Self.list(first, isSealed: isSealed, &postings, &random)
            let (other, others) = Self.list(second, isSealed: otherIsSealed, &postings, &random)
            var set = ChunkSet()
            set.load(postings.chunk(0, of: one))
            #expect(Self.contents(set) == titles.sorted())
            set.keep(postings.chunk(0, of: other))
            #expect(Self.contents(set) == titles.intersection(others).sorted())
            set.load(postings.chunk(0, of: one))
            set.drop(postings.chunk(0, of: other))
            let rest = titles.subtracting(others)
            #expect(Self.contents(set) == rest.sorted())
            let middle = UInt16.random(in: .min ... .max, using: &random)
            #expect(Self.contents(set, from: middle) == rest.filter { $0 >= middle }.sorted())
            set.drop(below: middle)
            #expect(Self.contents(set) == rest.filter { $0 >= middle }.sorted())
        }
    }

    @Test("keeping, dropping and counting bits is what it is for sets", arguments: sizes, sizes)
    func bits(_ first: Int, _ second: Int) {
        var random = Seeded(seed: UInt64(first * 37 + second))
        var postings = Postings()
        let (one, titles) = Self.list(first, isSealed: true, &postings, &random)
        let (_, others) = Self.list(second, isSealed: true, &postings, &random)
        var bits = BitSet()
        for title in others { bits.insert(UInt32(title)) }
        var set = ChunkSet()
        set.load(bits, chunk: 0)
        #expect(Self.contents(set) == others.sorted())
        set.keep(postings.chunk(0, of: one))
        #expect(Self.contents(set) == titles.intersection(others).sorted())
        set.load(postings.chunk(0, of: one))
        #expect(set.count(outside: bits, chunk: 0) == titles.subtracting(others).count)
        #expect(set.count(outside: bits, chunk: 1) == titles.count)
        set.drop(bits, chunk: 0)
        #expect(Self.contents(set) == titles.subtracting(others).sorted())
        set.load(postings.chunk(0, of: one))
        set.keep(bits, chunk: 0)
        #expect(Self.contents(set) == titles.intersection(others).sorted())
        set.keep(bits, chunk: 1)
        #expect(Self.contents(set).isEmpty)
    }

    @Test("a union counts each title once", arguments: sizes, sizes)
    func union(_ first: Int, _ second: Int) {
        var random = Seeded(seed: UInt64(first * 41 + second))
        var postings = Postings()
        let (one, titles) = Self.list(first, isSealed: true, &postings, &random)
        let (other, others) = Self.list(second, isSealed: false, &postings, &random)
        var bits = BitSet(below: Postings.chunkTitles)
        bits.formUnion(postings.chunk(0, of: one), at: 0)
        bits.formUnion(postings.chunk(0, of: other), at: 0)
        #expect(bits.count == titles.union(others).count)
        #expect(titles.union(others).allSatisfy { bits.contains(UInt32($0)) })
    }
}
