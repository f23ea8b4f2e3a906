/// The value of If-Match or If-None-Match: any representation at all, or one with a tag of the list.
enum TagCondition: Equatable, Sendable {
    case any
    case oneOf([EntityTag])

    /// Nil when the field is missing. What is not a list of tags matches nothing.
    init?(_ name: StaticString, in fields: HTTPFields) {
        let values = fields.all(name)
        guard !values.isEmpty else { return nil }
        let joined = Bytes(values.joined(separator: [HTTPGrammar.comma]))
        if HTTPGrammar.trimmed(joined[...]).elementsEqual([UInt8(ascii: "*")]) {
            self = .any
        } else {
            self = .oneOf(Self.tags(joined[...]) ?? [])
        }
    }

    func matchesStrongly(_ tag: EntityTag) -> Bool {
        switch self {
        case .any: true
        case .oneOf(let tags): tags.contains { $0.matchesStrongly(tag) }
        }
    }

    func matchesWeakly(_ tag: EntityTag) -> Bool {
        switch self {
        case .any: true
        case .oneOf(let tags): tags.contains { $0.matchesWeakly(tag) }
        }
    }

    /// A comma may stand inside a tag, so the list is read tag by tag.
    private static func tags(_ list: ArraySlice<UInt8>) -> [EntityTag]? {
        var tags: [EntityTag] = []
        var rest = HTTPGrammar.trimmed(list)
        while !rest.isEmpty {
            if rest.first != HTTPGrammar.comma {
                guard let tag = EntityTag(taking: &rest) else { return nil }
                tags.append(tag)
                rest = HTTPGrammar.trimmed(rest)
                guard rest.isEmpty || rest.first == HTTPGrammar.comma else { return nil }
            }
            rest = HTTPGrammar.trimmed(rest.dropFirst())
        }
        return tags
    }
}
