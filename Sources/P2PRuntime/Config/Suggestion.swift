internal import P2PProtocol

/// What somebody may have meant who wrote a word that does not exist.
enum Suggestion {
    /// `unknown flag --prot (did you mean --port?)`; without the question when nothing is near.
    static func unknown(_ kind: String, _ word: Bytes, among known: [String]) -> String {
        let shown = Misuse.shown(word)
        guard let near = nearest(to: word, among: known) else { return "unknown \(kind) \(shown)" }
        return "unknown \(kind) \(shown) (did you mean \(near)?)"
    }

    /// The known word that the fewest typing mistakes turn into this one, when they are few.
    static func nearest(to word: Bytes, among known: [String]) -> String? {
        // Longer ones are no typing mistakes, and the comparison is quadratic.
        guard word.count <= 64 else { return nil }
        let ranked = known.map { (word: $0, distance: distance(word, Array($0.utf8))) }
        guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(1, word.count / 3) ? best.word : nil
    }

    /// The number of letters to insert, remove, replace or swap with their neighbour.
    private static func distance(_ left: Bytes, _ right: Bytes) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                let replaced = previous[column] + (letter == other ? 0 : 1)
                var best = min(previous[column + 1] + 1, current[column] + 1, replaced)
                let isSwap = row > 0 && column > 0 && letter == right[column - 1] && left[row - 1] == other
                if isSwap { best = min(best, beforePrevious[column - 1] + 1) }
                current.append(best)
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[right.count]
    }
}
