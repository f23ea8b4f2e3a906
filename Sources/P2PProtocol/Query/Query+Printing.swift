extension Query {
    /// The canonical text: parsing it gives an equal query.
    package var printed: Bytes {
        guard !isEverything else { return [UInt8(ascii: "*")] }
        return Bytes(terms.map(\.printed).joined(separator: [UInt8(ascii: " ")]))
    }
}

extension Query.Term {
    fileprivate var printed: Bytes {
        isNegated ? [UInt8(ascii: "-")] + condition.printed : condition.printed
    }
}

extension Query.Condition {
    fileprivate var printed: Bytes {
        switch self {
        case .word(let word): word
        case .prefix(let beginning): beginning + [UInt8(ascii: "*")]
        case .phrase(let words): Self.quoted(Bytes(words.joined(separator: [UInt8(ascii: " ")])))
        case .exactName(let name): Bytes(ascii: "name:") + Self.quoted(name)
        case .extensions(let all): Bytes(ascii: "ext:") + Bytes(all.joined(separator: [UInt8(ascii: ",")]))
        case .size(let range): Bytes(ascii: "size:") + Self.printed(range)
        case .peer(let id): Bytes("peer:\(id)".utf8)
        case .root(let root): Bytes(ascii: "root:") + root.hex
        }
    }

    private static func quoted(_ text: Bytes) -> Bytes {
        let quote = UInt8(ascii: "\"")
        let backslash = UInt8(ascii: "\\")
        return [quote] + text.flatMap { $0 == quote || $0 == backslash ? [backslash, $0] : [$0] } + [quote]
    }

    private static func printed(_ range: ClosedRange<Int>) -> Bytes {
        let text =
            if range.upperBound == .max {
                ">=\(range.lowerBound)"
            } else if range.lowerBound == range.upperBound {
                "=\(range.lowerBound)"
            } else {
                "\(range.lowerBound)-\(range.upperBound)"
            }
        return Bytes(text.utf8)
    }
}
