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
        case .phrase(let words): Phrase(words).isIn(subject.folded)
        case .exactName(let name): subject.hasExactName(name)
        case .extensions(let all): all.contains { subject.folded[subject.exactName.fileExtension].elementsEqual($0) }
        case .size(let range): subject.size.map(range.contains) ?? false
        case .peer(let id): subject.peers.contains(id)
        case .root(let root): subject.root == root
        }
    }
}
