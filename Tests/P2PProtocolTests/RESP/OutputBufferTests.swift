import P2PProtocol
import TestSupport
import Testing

@Suite struct OutputBufferTests {
    @Test("gives back in order what was appended, however it is sent", arguments: 0..<20)
    func order(seed: UInt64) {
        var random = Seeded(seed: seed)
        var (buffer, expected, sent) = (OutputBuffer(), Bytes(), Bytes())
        for _ in 0..<200 {
            let piece = Bytes(repeating: UInt8.random(in: 0...255, using: &random), count: Int(random.next() % 2_000))
            buffer.append(piece)
            expected += piece
            let count = Int.random(in: 0...buffer.count, using: &random)
            buffer.withUnsafeBytes { sent += $0[..<count] }
            buffer.drop(count)
        }
        #expect(sent + buffer.bytes == expected, "seed \(seed)")
        #expect(buffer.count == expected.count - sent.count)
    }

    @Test("drops no more than there is")
    func dropTooMuch() {
        var buffer = OutputBuffer()
        buffer.append("abc")
        buffer.drop(-1)
        #expect(buffer.bytes == Bytes(ascii: "abc"))
        buffer.drop(10)
        #expect(buffer.isEmpty)
        buffer.append("de")
        #expect(buffer.bytes == Bytes(ascii: "de"))
    }

    @Test("writes numbers in digits", arguments: [0, 1, 9, 10, 99, 100, 65_536, -1, -10, Int.max, Int.min])
    func numbers(value: Int) {
        var buffer = OutputBuffer()
        buffer.append(header: UInt8(ascii: ":"), value)
        #expect(String(decoding: buffer.bytes, as: UTF8.self) == ":\(value)\r\n")
    }

    @Test("writes a digest as its lower-case hex digits")
    func digest() {
        let digest = Digest(words: (0x0123_4567_89AB_CDEF, 0, .max, 42))
        var buffer = OutputBuffer()
        buffer.append(hex: digest)
        #expect(buffer.bytes == digest.hex)
    }
}
