import IndexServer
import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

/// The engine against the naive index on random scripts. A failure prints the shortest script that still fails.
@Suite struct EngineModelTests {
    @Test("answers as a naive dictionary does, whatever the order of commands", arguments: 0..<20)
    func agreement(_ batch: UInt64) throws {
        let seeds: UInt64 = Tool.isLongRun ? 250 : 10
        for seed in batch * seeds..<(batch + 1) * seeds {
            let script = Self.script(seed, commands: Tool.isLongRun ? 80 : 48)
            guard try Self.failure(of: script, seed) != nil else { continue }
            let shortest = try Self.shortened(script, seed)
            let text = shortest.map(\.description).joined(separator: "\n")
            Issue.record("seed \(seed):\n\(text)\n\(try Self.failure(of: shortest, seed) ?? "")")
        }
    }

    /// Without every command that it fails without.
    private static func shortened(_ script: [ModelCommand], _ seed: UInt64) throws -> [ModelCommand] {
        var script = script
        var before = script.count + 1
        while script.count < before {
            before = script.count
            for index in script.indices.reversed() {
                var shorter = script
                shorter.remove(at: index)
                if try failure(of: shorter, seed) != nil { script = shorter }
            }
        }
        return script
    }

    private static func script(_ seed: UInt64, commands: Int) -> [ModelCommand] {
        var seeded = Seeded(seed: seed)
        var peers = 0
        return (0..<commands).map { _ in
            let command = ModelCommand.random(&seeded, peers: peers)
            if case .register = command { peers += 1 }
            return command
        }
    }

    /// The first difference.
    private static func failure(of script: [ModelCommand], _ seed: UInt64) throws -> String? {
        // Every other script searches in small steps, and half of them change whole shares in such, with other commands
        // in between or not.
        var limits = Limits.standard
        if seed % 2 == 1 { limits.postingsPerStep = 3 }
        if seed % 4 > 1 { limits.entriesPerStep = 1 + Int(seed / 8 % 10) }
        let run = ModelRun(
            limits, stepsBetween: seed % 8 > 5 ? Int(seed / 8 % 3) : nil,
            compactionSteps: seed % 4 > 1 ? Int(seed / 16 % 4) : nil)
        for (step, command) in script.enumerated() {
            let isChecked = step % 16 == 15 || step == script.count - 1
            if let fault = try run.step(command) ?? (isChecked ? run.answerFault() : nil) {
                return "after command \(step + 1): \(fault)"
            }
        }
        return nil
    }
}
