/// Reads the query language, byte by byte and without going back:
///
///     query = "*" / 1*( ["-"] ( phrase / operator / words ) )
///     phrase = DQUOTE text DQUOTE            ; \" and \\ stand for themselves; the end closes an open quote
///     operator = ( "name:" / "ext:" / "size:" / "peer:" / "root:" ) ( phrase / 1*non-space )
///     words = 1*non-space                    ; acts as all of its words; a star at its end makes the last a prefix
///
/// What holds no word at all, like the dash in `artist - title`, is passed over. An operator without a value is words.
struct QueryParser {
    private let text: Bytes
    private let limits: Limits
    private var position = 0
    private var terms: [Query.Term] = []
    /// Words and other conditions so far: those of a phrase cost as much as others.
    private var cost = 0
    private var plainText = PlainText()
    /// The spaces before the term at hand.
    private var gap = 0..<0

    init(_ text: Bytes, limits: Limits) {
        self.text = text
        self.limits = limits
    }

    mutating func parse() throws(WireError) -> Query {
        guard text.count <= limits.queryBytes else {
            throw WireError("query is longer than \(limits.queryBytes) bytes")
        }
        skipSpaces()
        guard position < text.count else { throw WireError("query is empty") }
        if isStarAlone { return Query(terms: [], exactText: [UInt8(ascii: "*")]) }
        plainText.reserve(text.count)
        terms.reserveCapacity(4)
        while position < text.count {
            try parseTerm()
            skipSpaces()
        }
        guard !terms.isEmpty else { throw WireError("query has no word to look for") }
        guard !terms.allSatisfy(\.isNegated) else { throw WireError("query has only negative terms") }
        return Query(terms: terms, exactText: plainText.trimmed)
    }

    private var isStarAlone: Bool {
        text[position] == UInt8(ascii: "*") && text[(position + 1)...].allSatisfy(\.isQuerySpace)
    }

    private mutating func parseTerm() throws(WireError) {
        let isNegated = byte(at: position) == UInt8(ascii: "-") && byte(at: position + 1)?.isQuerySpace == false
        if isNegated { position += 1 }
        if byte(at: position) == UInt8(ascii: "\"") {
            try addPhrase(quoted(), isNegated: isNegated)
        } else if let (name, length) = operatorName() {
            position += length
            let value = byte(at: position) == UInt8(ascii: "\"") ? quoted() : Bytes(text[bare()])
            try add(name.condition(value), isNegated: isNegated)
        } else {
            try addWords(bare(), isNegated: isNegated)
        }
    }
}

// MARK: Tokens

extension QueryParser {
    private func byte(at index: Int) -> UInt8? {
        index < text.count ? text[index] : nil
    }

    private mutating func skipSpaces() {
        let start = position
        while position < text.count, text[position].isQuerySpace { position += 1 }
        gap = start..<position
    }

    private mutating func bare() -> Range<Int> {
        let start = position
        while position < text.count, !text[position].isQuerySpace { position += 1 }
        return start..<position
    }

    /// What stands between the quote here and the next, or the end.
    private mutating func quoted() -> Bytes {
        var content = Bytes()
        position += 1
        while position < text.count, text[position] != UInt8(ascii: "\"") {
            let isEscape = text[position] == UInt8(ascii: "\\")
            if isEscape, let next = byte(at: position + 1), next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\") {
                position += 1
            }
            content.append(text[position])
            position += 1
        }
        position = min(position + 1, text.count)
        return content
    }

    /// The operator that begins here, with the length of its name and colon; nil when no value follows it.
    private func operatorName() -> (QueryOperator, length: Int)? {
        let end = min(text.count, position + QueryOperator.longestName + 1)
        guard let colon = text[position..<end].firstIndex(of: UInt8(ascii: ":")) else { return nil }
        guard byte(at: colon + 1)?.isQuerySpace == false else { return nil }
        let name = text.withUnsafeBufferPointer { Keyword(UnsafeBufferPointer(rebasing: $0[position..<colon])) }
        return QueryOperator(name).map { ($0, colon + 1 - position) }
    }
}

// MARK: Terms

extension QueryParser {
    private mutating func add(_ condition: Query.Condition, isNegated: Bool) throws(WireError) {
        let term = Query.Term(condition, isNegated: isNegated)
        guard !terms.contains(term) else { return }
        switch condition {
        case .phrase(let words): cost += words.count
        case .extensions(let all): cost += all.count
        default: cost += 1
        }
        guard cost <= limits.queryTerms else { throw WireError("query has more than \(limits.queryTerms) terms") }
        terms.append(term)
    }

    private mutating func addPhrase(_ phrase: Bytes, isNegated: Bool) throws(WireError) {
        let text = text
        if !isNegated { plainText.append(phrase.span, after: text.span.extracting(gap)) }
        let folded = Folding.fold(phrase)
        let words = Words(folded).map { Bytes(folded[$0]) }
        if words.count > 1 {
            try add(.phrase(words), isNegated: isNegated)
        } else if let word = words.first {
            try add(.word(word), isNegated: isNegated)
        }
    }

    private mutating func addWords(_ token: Range<Int>, isNegated: Bool) throws(WireError) {
        let stars = text[token].reversed().prefix { $0 == UInt8(ascii: "*") }.count
        let stem = token.lowerBound..<token.upperBound - stars
        guard !isNegated else { return try addAbsent(Bytes(text[stem]), isPrefix: stars > 0) }
        let text = text
        let range = plainText.append(text.span.extracting(token), after: text.span.extracting(gap))
        // Stars fold to themselves.
        try addWords(of: plainText.folded, in: range.lowerBound..<range.upperBound - stars, isPrefix: stars > 0, false)
    }

    /// Not to have `a_b` is not to have the two together, rather than to have neither.
    private mutating func addAbsent(_ stem: Bytes, isPrefix: Bool) throws(WireError) {
        let folded = Folding.fold(stem)
        let words = Array(Words(folded))
        guard words.count > 1 else {
            return try addWords(of: folded, in: 0..<folded.count, isPrefix: isPrefix, true)
        }
        guard !isPrefix || words.last?.upperBound != folded.count else {
            throw WireError("query term with - and * has more than one word")
        }
        try addPhrase(stem, isNegated: true)
    }

    /// A star makes a prefix of a word that it touches.
    private mutating func addWords(
        of folded: Bytes, in range: Range<Int>, isPrefix: Bool, _ isNegated: Bool
    ) throws(WireError) {
        for word in Words(folded, in: range) {
            let bytes = Bytes(folded[word])
            let isTouched = isPrefix && word.upperBound == range.upperBound
            try add(isTouched ? .prefix(bytes) : .word(bytes), isNegated: isNegated)
        }
    }
}

/// The text without operators as it grows, folded; spaces at its beginning are left out.
private struct PlainText {
    private(set) var folded = Bytes()
    /// Behind the last character that was no space.
    private var end = 0

    var trimmed: Bytes { end == folded.count ? folded : Bytes(folded[..<end]) }

    mutating func reserve(_ count: Int) { folded.reserveCapacity(count) }

    /// Says where the folded words stand.
    @discardableResult
    mutating func append(_ words: Span<UInt8>, after gap: Span<UInt8>) -> Range<Int> {
        var (first, last) = (0, words.count)
        while last > 0, words[last - 1].isQuerySpace { last -= 1 }
        if end == 0 {
            while first < last, words[first].isQuerySpace { first += 1 }
            guard last > 0 else { return 0..<0 }
        } else {
            Folding.fold(gap, into: &folded)
        }
        let start = folded.count
        Folding.fold(words.extracting(first..<words.count), into: &folded)
        if last > 0 { end = folded.count - (words.count - last) }
        return start..<folded.count
    }
}

extension UInt8 {
    fileprivate var isQuerySpace: Bool { self == UInt8(ascii: " ") || (0x09...0x0D).contains(self) }
}
