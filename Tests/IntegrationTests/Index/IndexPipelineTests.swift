import P2PProtocol
import TestSupport
import Testing

/// Searches that arrive together are answered together, which nobody must notice.
@Suite struct IndexPipelineTests {
    private static let names = (0..<300).map { "calm sea \($0).mp3" } + ["storm.mp3", "a b c.txt"]

    @Test("answers a pipeline as it answers the same commands one by one", arguments: 1...6)
    func mixture(seed: UInt64) throws {
        try IndexFixture.run { index in
            let sharers = try (0..<3).map { try index.sharer(Self.names, port: 9_001 + $0) }
            var random = Seeded(seed: seed)
            let lines = (0..<200).map { number in
                switch Int.random(in: 0..<12, using: &random) {
                case 0: "PING \(number)"
                case 1: "SEARCH storm CURSOR x"
                case 2: "SEARCH -storm"
                case 3: "NOSUCH \(number)"
                case 4: "LIST storm"
                case 5: "SEARCH calm LIMIT 1000"
                case 6: "SEARCH calm -storm LIMIT 2 CURSOR 40"
                default: "SEARCH calm sea \(Int.random(in: 0..<320, using: &random))"
                }
            }
            let patient = try index.client()
            let expected = try lines.map { try patient.ask($0).text }
            let hasty = try index.client()
            hasty.send(Bytes((lines.joined(separator: "\n") + "\n").utf8))
            for (line, text) in zip(lines, expected) { #expect(try hasty.reply().text == text, "\(line)") }
            withExtendedLifetime(sharers) {}
        }
    }
}
