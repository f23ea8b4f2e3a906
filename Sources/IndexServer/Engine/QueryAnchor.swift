internal import P2PProtocol

/// What a file must have for a query to match it, looked up rather than tried: a waiting query hangs on one of them.
enum QueryAnchor: Hashable {
    case root(Digest)
    /// The folded path, its last component, or that without its extension.
    case exactName(Bytes)
    case word(Bytes)
    /// The beginning of a word, cut to so many bytes that a file has few of them.
    case prefix(Bytes)
    case fileExtension(Bytes)
    case peer(Int)
    /// Nothing in the query can be looked up: sizes, exclusions, `*`.
    case none

    static let prefixBytes = 16

    /// The sets of anchors that a query may hang on: it matches no file that has none of a set.
    static func choices(for query: Query) -> [[QueryAnchor]] {
        let all = query.terms.flatMap { $0.isNegated ? [] : choices(for: $0.condition) }
        return all.isEmpty ? [[.none]] : all
    }

    private static func choices(for condition: Query.Condition) -> [[QueryAnchor]] {
        switch condition {
        case .word(let word): [[.word(word)]]
        case .phrase(let words): words.map { [.word($0)] }
        case .prefix(let beginning): [[.prefix(Bytes(beginning.prefix(prefixBytes)))]]
        case .exactName(let name): [[.exactName(name)]]
        case .extensions(let all): [all.map { .fileExtension($0) }]
        case .root(let root): [[.root(root)]]
        case .peer(let id): [[.peer(id)]]
        case .size: []
        }
    }

    /// All anchors of a file, each of them once; of the beginnings of its words those of the lengths that are asked for.
    static func anchors(of subject: QuerySubject, prefixesOf lengths: [Int]) -> Set<QueryAnchor> {
        var anchors: Set<QueryAnchor> = [.none]
        for range in subject.words {
            let word = subject.folded[range]
            guard anchors.insert(.word(Bytes(word))).inserted else { continue }
            for count in lengths where count <= word.count { anchors.insert(.prefix(Bytes(word.prefix(count)))) }
        }
        for key in subject.exactName.keys { anchors.insert(.exactName(Bytes(subject.folded[key]))) }
        anchors.insert(.fileExtension(Bytes(subject.folded[subject.exactName.fileExtension])))
        if let root = subject.root { anchors.insert(.root(root)) }
        for peer in subject.peers { anchors.insert(.peer(peer)) }
        return anchors
    }

    /// How likely it is that few files have it, as far as the text tells.
    var rarity: Int {
        switch self {
        case .root: 4_000
        case .exactName: 3_000
        case .word(let word): 1_000 + word.count
        case .prefix(let beginning): 500 + beginning.count
        case .peer: 2
        case .fileExtension: 1
        case .none: 0
        }
    }

    /// The length of a beginning of a word.
    var prefixLength: Int? {
        if case .prefix(let beginning) = self { beginning.count } else { nil }
    }
}
