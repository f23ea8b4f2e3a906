import P2PProtocol
import TestSupport

/// Queries put together at random from every kind of term; the words are those of `ModelCommand.paths`.
enum ModelQuery {
    static func random(_ seeded: inout Seeded) -> String {
        while true {
            let terms = (0..<Int.random(in: 1...3, using: &seeded)).map { _ in
                (Int.random(in: 0..<4, using: &seeded) == 0 ? "-" : "") + term(&seeded)
            }
            let text = Int.random(in: 0..<10, using: &seeded) == 0 ? "*" : terms.joined(separator: " ")
            // Only negative terms are no query.
            if (try? Query.parse(Bytes(text.utf8))) != nil { return text }
        }
    }

    private static let words = ["a", "b", "c", "x", "y", "A", "\u{e1}", "calm", "sea", "mp3", "flac", "zzz"]
    private static let others = [
        "c*", "m*", "ca*", "\"a b\"", "\"b a\"", "\"calm sea\"", "\"x a b\"", "ext:mp3", "ext:mp3,flac", "size:1",
        "size:>1", "size:<2", "size:1-2", "peer:1", "peer:2", "peer:3", "peer:9",
    ]

    private static func term(_ seeded: inout Seeded) -> String {
        switch Int.random(in: 0..<10, using: &seeded) {
        case 0..<5: words.randomElement(using: &seeded) ?? "a"
        case 5..<8: others.randomElement(using: &seeded) ?? "a*"
        case 8: "name:\"\(ModelCommand.paths.randomElement(using: &seeded) ?? "a")\""
        default: "root:\(EngineFixture.root(.random(in: ModelCommand.roots, using: &seeded)))"
        }
    }
}
