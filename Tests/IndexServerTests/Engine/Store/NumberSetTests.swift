import IndexServer
import TestSupport
import Testing

@Suite struct NumberSetTests {
    @Test("is the set of what was put in and not taken out", arguments: [1, 2, 3, 4] as [UInt64])
    func likeASet(seed: UInt64) {
        var random = Seeded(seed: seed)
        var set = NumberSet()
        var model: Set<UInt32> = []
        for _ in 0..<20_000 {
            let number = UInt32.random(in: 0..<UInt32(seed * 30_000), using: &random)
            if Bool.random(using: &random) || seed == 1 {
                let isNew = set.insert(number)
                let wasMissing = model.insert(number).inserted
                #expect(isNew == wasMissing)
            } else {
                set.remove(number)
                model.remove(number)
            }
        }
        var all: [UInt32] = []
        set.forEach { all.append($0) }
        #expect(all == model.sorted())
        #expect(set.count == model.count)
        #expect(walk(set) == all)
        #expect((0..<UInt32(seed * 30_000)).allSatisfy { set.contains($0) == model.contains($0) })
    }

    @Test("holds a million neighbours and the ends of the range")
    func neighbours() {
        var set = NumberSet()
        for number in 0..<UInt32(200_000) { set.insert(number) }
        set.insert(.max)
        set.insert(.max - 70_000)
        #expect(set.count == 200_002)
        #expect(set.first(from: 199_999) == 199_999)
        #expect(set.first(from: 200_000) == UInt32.max - 70_000)
        #expect(set.first(from: .max) == UInt32.max)
        for number in 0..<UInt32(200_000) { set.remove(number) }
        #expect(set.first(from: 0) == UInt32.max - 70_000)
        #expect(set.count == 2)
    }

    private func walk(_ set: NumberSet) -> [UInt32] {
        var all: [UInt32] = []
        var next = set.first(from: 0)
        while let number = next {
            all.append(number)
            next = set.first(from: number + 1)
        }
        return all
    }
}
