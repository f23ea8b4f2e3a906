import Glibc
import P2PProtocol
import Peer
import Testing

@Suite struct LineReaderTests {
    /// What is read when these bytes are all the input.
    private func lines(of input: Bytes) async -> [Bytes] {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return [] }
        defer { close(ends[0]) }
        let (source, target) = (ends[0], ends[1])
        let writing = Task.detached {
            var sent = 0
            while sent < input.count {
                let count = input[sent...].withUnsafeBytes { write(target, $0.baseAddress, $0.count) }
                guard count > 0 else { break }
                sent += count
            }
            close(target)
        }
        let reader = LineReader(descriptor: source)
        var lines: [Bytes] = []
        while let line = await reader.next() { lines.append(line) }
        await writing.value
        return lines
    }

    @Test(
        "lines are taken as typed, the last one with or without its end",
        arguments: [
            ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\nb", ["a", "b"]), ("\n\n", ["", ""]), (" a \n", [" a "]),
            ("a\r\n", ["a\r"]),
        ] as [(String, [String])])
    func lines(input: String, expected: [String]) async {
        #expect(await lines(of: Bytes(input.utf8)) == expected.map { Bytes($0.utf8) })
    }

    @Test("a line without end is cut, and the next one is whole")
    func endless() async {
        let input = Bytes(repeating: UInt8(ascii: "x"), count: 1 << 20) + Bytes(ascii: "\nnext\n")
        let lines = await lines(of: input)
        #expect(lines.count == 2)
        #expect(lines.first?.count == 64 << 10)
        #expect(lines.last == Bytes(ascii: "next"))
    }
}
