import P2PProtocol
import Peer
import TestSupport
import Testing

@Suite struct PieceSetTests {
    @Test("agrees with a plain set, and its runs are the gaps", arguments: 1...50)
    func model(seed: UInt64) {
        var random = Seeded(seed: seed)
        let count = Int.random(in: 0...70, using: &random)
        var (pieces, model) = (PieceSet(count: count), Set<Int>())
        for _ in 0..<count {
            let piece = Int.random(in: -2...(count + 2), using: &random)
            pieces.insert(piece)
            if (0..<count).contains(piece) { model.insert(piece) }
        }
        #expect((-3..<count + 3).allSatisfy { pieces.contains($0) == model.contains($0) })
        #expect(pieces.filled == model.count)
        #expect(pieces.isComplete == (model.count == count))
        let first = (0..<count).first { !model.contains($0) }
        #expect(pieces.missingRun()?.lowerBound == first)
        if let run = pieces.missingRun(longest: 3) {
            #expect(run.count <= 3)
            #expect(run.allSatisfy { !model.contains($0) })
        }
    }

    @Test("the bits have the first piece highest, as the wire wants it")
    func bits() {
        var pieces = PieceSet(count: 10)
        pieces.insert(0)
        pieces.insert(9)
        #expect(pieces.bits == [0x80, 0x40])
    }
}
