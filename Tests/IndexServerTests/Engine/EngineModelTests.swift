import IndexServer
import P2PProtocol
import P2PRuntime
import TestSupport
import Testing

/// The engine against the naive index on random scripts. A failure prints the shortest script that still fails.
@Suite struct EngineModelTests {
    @Test("answers as a naive dictionary does, whatever the order of commands", arguments: 0..<20)
    func agreement(_ batch: UInt64) throws {
        for seed in batch * 10..<batch * 10 + 10 {
            var script = Self.script(seed)
            guard var failure = try Self.failure(of: script) else { continue }
            for index in script.indices.reversed() {
                var shorter = script
                shorter.remove(at: index)
                if let still = try Self.failure(of: shorter) { (script, failure) = (shorter, still) }
            }
            let text = script.map(\.description).joined(separator: "\n")
            Issue.record("seed \(seed):\n\(text)\n\(failure)")
        }
    }

    private static func script(_ seed: UInt64) -> [ModelCommand] {
        var seeded = Seeded(seed: seed)
        var peers = 0
        return (0..<40).map { _ in
            let command = ModelCommand.random(&seeded, peers: peers)
            if case .register = command { peers += 1 }
            return command
        }
    }

    /// The first difference.
    private static func failure(of script: [ModelCommand]) throws -> String? {
        let run = ModelRun()
        for (step, command) in script.enumerated() {
            let isChecked = step % 8 == 7 || step == script.count - 1
            if let fault = try run.step(command) ?? (isChecked ? run.answerFault() : nil) {
                return "after command \(step + 1): \(fault)"
            }
        }
        return nil
    }
}
