/// What somebody looks for: conditions that must all hold. No conditions at all, `*`, is everything.
package struct Query: Sendable {
    /// One condition, or the absence of what it describes.
    package struct Term: Hashable, Sendable {
        package let condition: Condition
        package let isNegated: Bool

        package init(_ condition: Condition, isNegated: Bool = false) {
            self.condition = condition
            self.isNegated = isNegated
        }
    }

    /// What a term asks of a file. All text is folded.
    package enum Condition: Hashable, Sendable {
        case word(Bytes)
        /// The beginning of a word.
        case prefix(Bytes)
        /// Two or more words that follow one another.
        case phrase([Bytes])
        /// The path, its last component, or that without its extension.
        case exactName(Bytes)
        /// One of these, sorted, without dots.
        case extensions([Bytes])
        /// Bytes; a file of unknown size is in no range.
        case size(ClosedRange<Int>)
        /// A peer that has the file.
        case peer(Int)
        case root(Digest)
    }

    /// The conditions, each of them once, in the order in which they were written.
    package let terms: [Term]
    /// The folded text without its operators, as typed: a name that equals it is listed first. It ranks answers and
    /// chooses none, so it is no part of what makes two queries equal.
    package let exactText: Bytes

    package init(terms: [Term], exactText: Bytes) {
        self.terms = terms
        self.exactText = exactText
    }

    /// Whether every file matches.
    package var isEverything: Bool { terms.isEmpty }

    /// Reads a query; the error says what is wrong with it.
    package static func parse(_ text: Bytes, limits: Limits = .standard) throws(WireError) -> Query {
        var parser = QueryParser(text, limits: limits)
        return try parser.parse()
    }
}

extension Query: Hashable {
    package static func == (left: Query, right: Query) -> Bool {
        left.terms == right.terms
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(terms)
    }
}
