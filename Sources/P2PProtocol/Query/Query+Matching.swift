extension Query {
    /// Whether a file meets every condition: linear in its name for each term, without recursion or backtracking.
    package func matches(_ subject: QuerySubject) -> Bool {
        terms.allSatisfy { $0.condition.holds(for: subject) != $0.isNegated }
    }

    /// Whether the typed text is a name of the file: such files are listed first.
    package func isExact(for subject: QuerySubject) -> Bool {
        subject.hasExactName(exactText)
    }
}

extension QuerySubject {
    fileprivate func hasExactName(_ name: Bytes) -> Bool {
        exactName.keys.contains { folded[$0].elementsEqual(name) }
    }
}

extension Query.Condition {
    fileprivate func holds(for subject: QuerySubject) -> Bool {
        switch self {
        case .word(let word): subject.words.contains { subject.folded[$0].elementsEqual(word) }
        case .prefix(let beginning): subject.words.contains { subject.folded[$0].starts(with: beginning) }
        case .phrase(let words): Self.contains(words, in: subject)
        case .exactName(let name): subject.hasExactName(name)
        case .extensions(let all): all.contains { subject.folded[subject.exactName.fileExtension].elementsEqual($0) }
        case .size(let range): subject.size.map(range.contains) ?? false
        case .peer(let id): subject.peers.contains(id)
        case .root(let root): subject.root == root
        }
    }

    /// Knuth, Morris and Pratt's search over words: `a a a b` in `a a a … a` must not cost their product.
    private static func contains(_ phrase: [Bytes], in subject: QuerySubject) -> Bool {
        let fallbacks = fallbacks(of: phrase)
        var matched = 0
        for word in subject.words {
            while matched > 0, !subject.folded[word].elementsEqual(phrase[matched]) { matched = fallbacks[matched - 1] }
            if subject.folded[word].elementsEqual(phrase[matched]) { matched += 1 }
            if matched == phrase.count { return true }
        }
        return phrase.isEmpty
    }

    /// For each beginning of the phrase, the length of its longest proper beginning that is also its end.
    private static func fallbacks(of phrase: [Bytes]) -> [Int] {
        var fallbacks = [Int](repeating: 0, count: phrase.count)
        for index in phrase.indices.dropFirst() {
            var length = fallbacks[index - 1]
            while length > 0, phrase[index] != phrase[length] { length = fallbacks[length - 1] }
            fallbacks[index] = phrase[index] == phrase[length] ? length + 1 : 0
        }
        return fallbacks
    }
}
