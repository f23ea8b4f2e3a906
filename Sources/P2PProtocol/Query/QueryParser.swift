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
    /// What was read of the text without operators, and the space before the term at hand.
    private var plainText = Bytes()
    private var gap = Bytes()

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
        while position < text.count {
            try parseTerm()
            skipSpaces()
        }
        guard !terms.isEmpty else { throw WireError("query has no word to look for") }
        guard !terms.allSatisfy(\.isNegated) else { throw WireError("query has only negative terms") }
        return Query(terms: terms, exactText: Folding.fold(Self.trimmed(plainText)))
    }

    private var isStarAlone: Bool {
        text[position] == UInt8(ascii: "*") && text[(position + 1)...].allSatisfy(Self.isSpace)
    }

    private mutating func parseTerm() throws(WireError) {
        let isNegated = byte(at: position) == UInt8(ascii: "-") && byte(at: position + 1).map(Self.isSpace) == false
        if isNegated { position += 1 }
        if byte(at: position) == UInt8(ascii: "\"") {
            let phrase = quoted()
            if !isNegated { addPlain(phrase) }
            try addPhrase(phrase, isNegated: isNegated)
        } else if let (name, length) = operatorName() {
            position += length
            let value = byte(at: position) == UInt8(ascii: "\"") ? quoted() : bare()
            try add(name.condition(value), isNegated: isNegated)
        } else {
            let token = bare()
            if !isNegated { addPlain(token) }
            try addWords(token, isNegated: isNegated)
        }
    }
}

// MARK: Tokens

extension QueryParser {
    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte)
    }

    private static func trimmed(_ bytes: Bytes) -> Bytes {
        guard let last = bytes.lastIndex(where: { !isSpace($0) }) else { return [] }
        return Bytes(bytes[...last].drop(while: isSpace))
    }

    private func byte(at index: Int) -> UInt8? {
        index < text.count ? text[index] : nil
    }

    private mutating func skipSpaces() {
        let start = position
        while position < text.count, Self.isSpace(text[position]) { position += 1 }
        gap = Bytes(text[start..<position])
    }

    private mutating func bare() -> Bytes {
        let start = position
        while position < text.count, !Self.isSpace(text[position]) { position += 1 }
        return Bytes(text[start..<position])
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
        for name in QueryOperator.allCases {
            let length = name.rawValue.utf8.count
            guard text.count - position > length, !Self.isSpace(text[position + length]) else { continue }
            if Folding.fold(text[position..<position + length]) == Bytes(name.rawValue.utf8) { return (name, length) }
        }
        return nil
    }
}

// MARK: Terms

extension QueryParser {
    private mutating func addPlain(_ words: Bytes) {
        plainText += plainText.isEmpty ? words : gap + words
    }

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
        let folded = Folding.fold(phrase)
        let words = Words(folded).map { Bytes(folded[$0]) }
        if words.count > 1 {
            try add(.phrase(words), isNegated: isNegated)
        } else if let word = words.first {
            try add(.word(word), isNegated: isNegated)
        }
    }

    private mutating func addWords(_ token: Bytes, isNegated: Bool) throws(WireError) {
        let stem = Self.withoutStars(token)
        let folded = Folding.fold(stem)
        let words = Array(Words(folded))
        let isPrefix = stem.count < token.count && words.last?.upperBound == folded.count
        // Not to have `a_b` is not to have the two together, rather than to have neither.
        if isNegated, words.count > 1 {
            guard !isPrefix else { throw WireError("query term with - and * has more than one word") }
            return try addPhrase(stem, isNegated: true)
        }
        for word in words {
            let isLast = word.upperBound == folded.count
            let bytes = Bytes(folded[word])
            try add(isPrefix && isLast ? .prefix(bytes) : .word(bytes), isNegated: isNegated)
        }
    }

    private static func withoutStars(_ token: Bytes) -> Bytes {
        guard let last = token.lastIndex(where: { $0 != UInt8(ascii: "*") }) else { return [] }
        return Bytes(token[...last])
    }
}
