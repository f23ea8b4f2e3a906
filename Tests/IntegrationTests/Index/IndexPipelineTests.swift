import P2PProtocol
import TestSupport
import Testing

/// Searches that arrive together are answered together, which nobody must notice.
@Suite struct IndexPipelineTests {
    private static let names = (0..<300).map { "calm sea \($0).mp3" } + ["storm.mp3", "a b c.txt", "lonely one"]

    @Test("answers a pipeline as it answers the same commands one by one", arguments: 1...6, [false, true])
    func mixture(seed: UInt64, asArrays: Bool) throws {
        try IndexFixture.run { index in
            let sharers = try (0..<3).map { try index.sharer(Self.names, port: 9_001 + $0) }
            var random = Seeded(seed: seed)
            let commands = (0..<200).map { _ in Self.command(&random) }
            let patient = try index.client()
            let expected = try commands.map { try patient.command($0).text }
            let hasty = try index.client()
            let bytes =
                asArrays
                ? commands.flatMap { WireClient.array($0.map { Bytes($0.utf8) }) }
                : Bytes(commands.map { $0.joined(separator: " ") + "\n" }.joined().utf8)
            var rest = bytes[...]
            while !rest.isEmpty {
                // Ends anywhere, and so within a command.
                let piece = rest.prefix(Int.random(in: 1...4_000, using: &random))
                hasty.send(Bytes(piece))
                rest = rest.dropFirst(piece.count)
            }
            for (command, text) in zip(commands, expected) { #expect(try hasty.reply().text == text, "\(command)") }
            withExtendedLifetime(sharers) {}
        }
    }

    @Test("a command that ends later than a look-up that is put off is read whole", arguments: [false, true])
    func cutBehindPutOff(asArrays: Bool) throws {
        try IndexFixture.run { index in
            let sharer = try index.sharer(Self.names)
            let client = try index.client()
            func bytes(_ text: String) -> Bytes {
                asArrays ? WireClient.array(["SEARCH", text].map { Bytes($0.utf8) }) : Bytes("SEARCH \(text)\n".utf8)
            }
            func total() throws -> Int? { try client.reply().array?.first?.integer }
            // Whoever sends so many has them answered together.
            let many = Bytes((0..<8).flatMap { _ in bytes("calm sea 7.mp3") })
            let last = bytes("storm.mp3")
            for cut in 1..<last.count {
                client.send(many + bytes("one lonely") + last[..<cut])
                for _ in 0..<9 { #expect(try total() == 1) }
                client.send(Bytes(last[cut...]))
                #expect(try total() == 1, "cut at \(cut)")
            }
            withExtendedLifetime(sharer) {}
        }
    }

    /// Half of them look-ups that a single look decides.
    private static func command(_ random: inout Seeded) -> [String] {
        let number = Int.random(in: 0..<320, using: &random)
        return switch Int.random(in: 0..<16, using: &random) {
        case 0: ["PING", "\(number)"]
        case 1: ["SEARCH", "storm", "CURSOR", "x"]
        case 2: ["SEARCH", "-storm"]
        case 3: ["NOSUCH", "\(number)"]
        case 4: ["LIST", "storm"]
        case 5: ["SEARCH", "calm", "LIMIT", "1000"]
        case 6: ["SEARCH", "calm -storm", "LIMIT", "2", "CURSOR", "40"]
        case 7: ["SEARCH", "calm sea \(number)"]
        case 8: ["SEARCH", "one lonely"]
        case 9: ["SEARCH", "nobodyhas\(number)"]
        case 10: ["SEARCH", "a b c.txt"]
        case 11: ["SEARCH", "lonely one"]
        default: ["SEARCH", "calm sea \(number).mp3"]
        }
    }
}
