import TestSupport

/// Queries of each kind for a list of names, written while the names are made.
final class QueryMaker {
    private var frequency: [Int]
    private var samples: [NameMaker.Made] = []
    private let stride: Int
    private var seeded = Seeded(seed: 1_999)
    private let vocabulary: Vocabulary

    init(for vocabulary: Vocabulary, names: Int) {
        self.vocabulary = vocabulary
        frequency = Array(repeating: 0, count: vocabulary.words.count)
        stride = max(1, names / 4_000)
    }

    /// Takes notice of a name; every so many are kept to take queries from.
    func note(_ made: NameMaker.Made, at place: Int) {
        for word in Set(made.words) { frequency[word] += 1 }
        if place % stride == 0 { samples.append(made) }
    }

    /// The kinds with their queries.
    func queries() -> [(kind: String, lines: [String])] {
        let byUse = frequency.indices.sorted { frequency[$0] > frequency[$1] }
        let rare = byUse.filter { (1...20).contains(frequency[$0]) }
        var pairs: [String] = []
        for _ in 0..<200 {
            pairs.append(byUse.prefix(30).shuffled(using: &seeded).prefix(2).map(text).joined(separator: " "))
        }
        var rares: [String] = []
        for _ in 0..<1_000 {
            if let word = rare.randomElement(using: &seeded) { rares.append(text(word)) }
        }
        return [
            ("rare", rares),
            ("common", byUse.prefix(50).map(text)),
            ("two", several(2)),
            ("three", several(3)),
            ("commonest", pairs),
            ("prefix", sampled(500) { $0.words.map(text).last { $0.count > 3 }.map { $0.prefix(3) + "*" } }),
            (
                "phrase",
                sampled(1_000) {
                    $0.titleLength < 2 ? nil : "\"\($0.title.prefix(2).map(text).joined(separator: " "))\""
                }
            ),
            ("miss", (0..<500).map { "qqzz\($0)x" }),
            ("exact", sampled(1_000) { "name:\"\(String(decoding: $0.text, as: UTF8.self))\"" }),
        ]
    }

    private func text(_ word: Int) -> String { String(decoding: vocabulary.words[word], as: UTF8.self) }

    /// Words of one name, so that there is a hit.
    private func several(_ count: Int) -> [String] {
        var lines: [String] = []
        for made in samples.shuffled(using: &seeded) where lines.count < 1_000 {
            let words = Set(made.words).sorted().shuffled(using: &seeded)
            if words.count >= count { lines.append(words.prefix(count).map(text).joined(separator: " ")) }
        }
        return lines
    }

    private func sampled(_ count: Int, _ query: (NameMaker.Made) -> String?) -> [String] {
        Array(samples.shuffled(using: &seeded).lazy.compactMap(query).prefix(count))
    }
}
