internal import P2PProtocol

/// What the words of a query tell of a name that is ASCII, without a copy of it: mostly all, or that it does not match.
struct TellingWords {
    private var phrases: [Phrase] = []
    private var exactText = Bytes()
    /// Whether nothing else is asked.
    private var isAll = true

    init() {}

    init(of query: Query) {
        exactText = query.exactText
        for term in query.terms {
            switch (term.condition, term.isNegated) {
            case (.word(let word), false): phrases.append(Phrase([word]))
            case (.phrase(let words), false): phrases.append(Phrase(words))
            default: isAll = false
            }
        }
    }

    /// Whether a name matches, as one that is just what was typed or as another; nil when this does not tell.
    func match(_ name: Span<UInt8>, exactly wantsExact: Bool) -> Bool? {
        for phrase in phrases {
            guard let isThere = phrase.isIn(ascii: name) else { return nil }
            guard isThere else { return false }
        }
        guard !phrases.isEmpty || Folding.isASCII(name) else { return nil }
        guard isExact(name) == wantsExact else { return false }
        return isAll ? true : nil
    }

    private func isExact(_ name: Span<UInt8>) -> Bool {
        guard exactText.count <= name.count else { return false }
        let keys = ExactName(of: name)
        return [keys.path, keys.component, keys.stem].contains {
            $0.count == exactText.count && Folding.isASCII(name.extracting($0), foldedTo: exactText.span)
        }
    }
}
