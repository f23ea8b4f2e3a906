import P2PProtocol
import TestSupport
import Testing

@Suite struct RangeDecisionTests {
    static func part(_ first: Int, _ last: Int) -> RangeDecision {
        ByteRange(first, last).map { .part($0) } ?? .whole
    }

    static let cases: [(String, RangeDecision)] = [
        ("bytes=0-8", part(0, 8)), ("bytes=0-0", part(0, 0)), ("bytes=-5", part(995, 999)), ("bytes=0-", part(0, 999)),
        ("bytes=5-", part(5, 999)), ("bytes=0-999", part(0, 999)), ("bytes=0-1000", part(0, 999)),
        ("bytes=999-", part(999, 999)), ("bytes=999-999", part(999, 999)), ("bytes=999-5000", part(999, 999)),
        ("bytes=-1000", part(0, 999)), ("bytes=-1001", part(0, 999)), ("bytes=-1", part(999, 999)),
        ("Bytes=1-2", part(1, 2)), ("BYTES=1-2", part(1, 2)), ("bytes= 1-2", part(1, 2)), ("bytes=1-2 ", part(1, 2)),
        ("bytes=1-2,", part(1, 2)), ("bytes=,1-2", part(1, 2)), ("bytes=007-0008", part(7, 8)),
        ("bytes=0-9223372036854775807", part(0, 999)), ("bytes=0-9223372036854775808", part(0, 999)),
        ("bytes=3-99999999999999999999999999999999", part(3, 999)), ("bytes=-9223372036854775807", part(0, 999)),
        ("bytes=-9223372036854775808", part(0, 999)), ("bytes=-18446744073709551616", part(0, 999)),
        ("bytes=1000-", .unsatisfiable), ("bytes=1000-1001", .unsatisfiable), ("bytes=-0", .unsatisfiable),
        ("bytes=-000", .unsatisfiable), ("bytes=9999999999999999999-", .unsatisfiable),
        ("bytes=9223372036854775807-", .unsatisfiable),
        ("bytes=9223372036854775807-9223372036854775807", .unsatisfiable),
        ("bytes=9223372036854775808-9223372036854775809", .unsatisfiable),
        ("bytes=5-2", .whole), ("bytes=1001-1000", .whole), ("bytes=", .whole), ("bytes", .whole), ("", .whole),
        ("bytes=-", .whole), ("bytes=--5", .whole), ("bytes=a-b", .whole), ("bytes=1-b", .whole), ("bytes=a-1", .whole),
        ("bytes 0-1", .whole), ("bytes:0-1", .whole), ("items=0-1", .whole), ("bytess=0-1", .whole), ("0-1", .whole),
        ("bytes=0 - 1", .whole), ("bytes=0-1-2", .whole), ("bytes=+1-2", .whole), ("bytes=1-+2", .whole),
        ("bytes=0x1-2", .whole), ("bytes=1.0-2", .whole), ("bytes==0-1", .whole), ("bytes =0-1", .whole),
        ("bytes=\u{0661}-2", .whole), ("bytes=5", .whole), ("bytes=,", .whole), ("bytes=\"0-1\"", .whole),
        ("bytes=0-0,-1", .whole), ("bytes=0-8,10-20", .whole), ("bytes=0-1,1-2,2-3,3-4,4-5,5-6", .whole),
        ("bytes=0-,0-,0-", .whole), ("bytes=1000-,2000-", .whole), ("bytes=0-1;2-3", .whole),
    ]

    @Test("decides as RFC 9110 for a file of a thousand bytes [attack A35]", arguments: cases)
    func table(value: String, expected: RangeDecision) {
        #expect(RangeDecision.decide(Bytes(value.utf8), size: 1_000) == expected)
    }

    @Test("takes a header of 100 KB in its stride [attack A35]")
    func longHeader() {
        let nines = Bytes(repeating: UInt8(ascii: "9"), count: 100_000)
        #expect(RangeDecision.decide(Bytes(ascii: "bytes=0-") + nines, size: 10) == Self.part(0, 9))
        #expect(RangeDecision.decide(Bytes(ascii: "bytes=") + nines + Bytes(ascii: "-"), size: 10) == .unsatisfiable)
        #expect(RangeDecision.decide(nines, size: 10) == .whole)
    }

    @Test("answers many ranges with the whole file, once [attack A36]", arguments: [("0-", 1_300), ("5-5", 5_000)])
    func manyRanges(range: String, count: Int) {
        let value = "bytes=" + Array(repeating: range, count: count).joined(separator: ",")
        #expect(RangeDecision.decide(Bytes(value.utf8), size: 1_000) == .whole)
    }

    @Test(
        "stands at the edges of an empty, a small and a huge file [attack A37]", arguments: [0, 1, 2, 6 << 30, Int.max])
    func edges(size: Int) {
        #expect(RangeDecision.decide(Bytes("bytes=\(size)-".utf8), size: size) == .unsatisfiable)
        #expect(
            RangeDecision.decide(Bytes("bytes=-\(size)".utf8), size: size)
                == (size == 0 ? .unsatisfiable : Self.part(0, size - 1)))
        guard size > 0 else { return }
        #expect(
            RangeDecision.decide(Bytes("bytes=\(size - 1)-\(size)".utf8), size: size) == Self.part(size - 1, size - 1))
        #expect(RangeDecision.decide(Bytes("bytes=0-\(size - 1)".utf8), size: size) == Self.part(0, size - 1))
    }

    @Test("gives all of an empty file to who asks for its end")
    func emptyFile() {
        #expect(RangeDecision.decide(Bytes(ascii: "bytes=-5"), size: 0) == .whole)
        #expect(RangeDecision.decide(Bytes(ascii: "bytes=0-0"), size: 0) == .unsatisfiable)
    }

    @Test("agrees with picking the bytes one by one, 100,000 times [attack A37]", arguments: [20_260_101] as [UInt64])
    func oracle(seed: UInt64) {
        var random = Seeded(seed: seed)
        for _ in 0..<100_000 {
            let size = Int.random(in: 0...24, using: &random)
            let first = Int.random(in: -4...30, using: &random)
            let last = Int.random(in: -4...30, using: &random)
            let text = "bytes=\(first < 0 ? "" : "\(first)")-\(last < 0 ? "" : "\(last)")"
            let decision = RangeDecision.decide(Bytes(text.utf8), size: size)
            guard decision == Self.picked(first < 0 ? nil : first, last < 0 ? nil : last, of: size) else {
                Issue.record("seed \(seed): \(text) of \(size) gave \(decision)")
                return
            }
        }
    }

    /// The same by looking at every byte of the file.
    private static func picked(_ first: Int?, _ last: Int?, of size: Int) -> RangeDecision {
        if first == nil && last == nil { return .whole }
        if let first, let last, last < first { return .whole }
        if first == nil, let last, last > 0, size == 0 { return .whole }
        let bytes = (0..<size).filter { position in
            guard let first else { return size - position <= last ?? 0 }
            return position >= first && position <= last ?? size
        }
        guard let low = bytes.first, let high = bytes.last else { return .unsatisfiable }
        return part(low, high)
    }
}
