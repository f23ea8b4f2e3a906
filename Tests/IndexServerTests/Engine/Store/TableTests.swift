import IndexServer
import P2PProtocol
import TestSupport
import Testing

@Suite struct TableTests {
    @Test("finds every number by its key and none by another, through all growth")
    func numbersByKey() {
        var table = IDTable()
        for number in 0..<UInt32(100_000) { table.insert(IDTable.hash(UInt64(number)), number) }
        var found = 0
        var wrong = 0
        for number in 0..<UInt32(100_000) {
            if table.find(IDTable.hash(UInt64(number)), where: { $0 == number }) == number { found += 1 }
            if table.find(IDTable.hash(UInt64(number) + 100_000), where: { $0 == number + 100_000 }) != nil {
                wrong += 1
            }
        }
        #expect(found == 100_000)
        #expect(wrong == 0)
        let count = table.count
        #expect(count == 100_000)
    }

    @Test("keeps numbers apart whose hashes are all the same", arguments: [0, 0xFFFF_FFFF, 0x8000_0010] as [UInt32])
    func collisions(hash: UInt32) {
        var table = IDTable()
        for number in 0..<UInt32(500) { table.insert(hash, number) }
        var found: [UInt32] = []
        for number in 0..<UInt32(500) {
            if let known = table.find(hash, where: { $0 == number }) { found.append(known) }
        }
        let missing = table.find(hash) { $0 == 500 }
        #expect(found == Array(0..<500))
        #expect(missing == nil)
    }

    @Test("puts another number in a key's place, and tells every number with its hash")
    func replacing() {
        var table = IDTable()
        for number in 0..<UInt32(1_000) { table.insert(IDTable.hash(UInt64(number)), number) }
        for number in 0..<UInt32(1_000) {
            guard let position = table.position(IDTable.hash(UInt64(number)), where: { $0 == number }) else { continue }
            table.replace(at: position, with: number + 5_000)
        }
        var copy = IDTable()
        table.forEach { hash, number in copy.insert(hash, number) }
        var found = 0
        for number in 0..<UInt32(1_000) {
            if copy.find(IDTable.hash(UInt64(number)), where: { $0 == number + 5_000 }) != nil { found += 1 }
        }
        #expect(found == 1_000)
    }

    @Test("hashes by every byte and by the length, however long [attack A18]")
    func byteHashes() {
        var hashes: Set<UInt32> = []
        var inputs = 0
        for count in [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 57, 1_023, 1_024, 1_025, 3_000] {
            let zeros = Bytes(repeating: 0, count: count)
            hashes.insert(KeyedHash.hash(zeros.span))
            inputs += 1
            for place in Set([0, count / 2, count - 1]) {
                var other = zeros
                other[place] = 1
                hashes.insert(KeyedHash.hash(other.span))
                inputs += 1
            }
        }
        #expect(hashes.count == inputs)
    }

    @Test("gives back names of every length, across segments")
    func arena() {
        var arena = Arena()
        var random = Seeded(seed: 7)
        var kept: [(start: UInt32, bytes: Bytes)] = []
        for length in [0, 1, 127, 128, 129, 1_024, 11_000] + (0..<400).map({ $0 * 7 }) {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            guard let start = arena.appendCounted(bytes.span) else { continue }
            kept.append((start, bytes))
        }
        var damaged = 0
        for (start, bytes) in kept where arena.withCounted(at: start, { Bytes($0) }) != bytes { damaged += 1 }
        let tooLong = arena.append(Bytes(repeating: 1, count: 1 << 18 + 1).span)
        #expect(kept.count == 407)
        #expect(damaged == 0)
        #expect(tooLong == nil)
    }

    @Test("counts beyond what a byte holds, and back")
    func counts() {
        var counts = Counts()
        counts.append()
        counts.append(300)
        for _ in 0..<1_000 { counts.increment(0) }
        #expect(counts[0] == 1_000)
        #expect(counts[1] == 300)
        for _ in 0..<999 { counts.decrement(0) }
        #expect(counts[0] == 1)
        let last = counts.decrement(0)
        #expect(last == 0)
    }
}
