internal import P2PProtocol

/// A query as lists: which ones must hold a title, which must not, and what is left to ask of each title that passes.
/// It speaks of the titles that there were when it was made, and stays valid until the next compaction.
struct SearchPlan: Sendable {
    /// A list of the word index or of the exact names.
    struct List: Sendable {
        enum Home {
            case words
            case exact
        }

        let home: Home
        let reference: Postings.Reference
        let count: Int

        /// The title of a list of one.
        var only: TitleID? { Postings.list(reference) == nil ? reference : nil }
    }

    /// Lists of which a title must be in one, or in none: they are united bit by bit, a few at a time.
    struct Union: Sendable {
        /// Those that are known and not united yet.
        var lists: [List]
        /// The words that more of them come from.
        var walk: PrefixWalk?
        let isNegated: Bool
    }

    /// A range that the size of a content must be in, or must not.
    struct Size: Sendable {
        let range: ClosedRange<Int>
        let isNegated: Bool
    }

    /// A peer that must be a source, or must not; none that is not registered is.
    struct Peer: Sendable {
        let slot: PeerSlot?
        let isNegated: Bool
    }

    /// Words that must follow one another in the name, or must not.
    struct PlannedPhrase: Sendable {
        let phrase: Phrase
        let pairs: WordPairs
        let isNegated: Bool
    }

    /// Later chunks than that of the title before this have come since and are not looked at.
    let end: TitleID
    /// Titles that were not in the lists yet, behind those that were: they are matched one by one.
    let waiting: Range<TitleID>
    /// What is looked for in their names.
    var telling = TellingWords()
    /// The shortest first.
    private(set) var required: [List] = []
    var excluded: [List] = []
    var unions: [Union] = []
    /// What there is of the union that was begun, the last one.
    var uniting: BitSet?
    /// Where a title must be as well, and where it must not: one of each, however many terms there are, for each has a
    /// bit for every title.
    private(set) var requiredSet: BitSet?
    private(set) var excludedSet: BitSet?
    /// Titles under a name that is what was typed: they come first.
    private(set) var exact: List?
    /// Titles that may be in the answer where these are not just those that are shown.
    var listed: BitSet?
    var sizes: [Size] = []
    var peers: [Peer] = []
    var phrases: [PlannedPhrase] = []
    /// A list that must hold a title does not exist: only what is waiting can match.
    var isHopeless = false

    init(waiting: Range<TitleID>, reserving count: Int) {
        self.waiting = waiting
        end = waiting.lowerBound
        required.reserveCapacity(count)
    }

    /// The title that alone can match: a word that occurs once, as in most whole names.
    var only: TitleID? { waiting.isEmpty ? required.first.flatMap(\.only) : nil }

    /// Whether nothing can match.
    var isVain: Bool { isHopeless && waiting.isEmpty }

    /// Whether nothing but the lists decides.
    var isDecidedByLists: Bool { sizes.isEmpty && peers.isEmpty && phrases.isEmpty }

    var isUnbounded: Bool { required.isEmpty && requiredSet == nil && unions.allSatisfy(\.isNegated) }

    /// A list that must hold a title, or must not; a missing list holds none.
    mutating func add(_ list: List?, isNegated: Bool) {
        switch (list, isNegated) {
        case (let list?, true): excluded.append(list)
        case (let list?, false): require(list)
        case (nil, true): break
        case (nil, false): isHopeless = true
        }
    }

    mutating func add(_ set: BitSet, isNegated: Bool) {
        if isNegated {
            excludedSet = excludedSet?.union(set) ?? set
        } else {
            requiredSet = requiredSet?.intersection(set) ?? set
        }
    }

    /// Looks for exact names, unless the answer does not depend on it.
    mutating func findExact(_ find: () -> List?) {
        if only == nil, !isHopeless { exact = find() }
    }

    private mutating func require(_ list: List) {
        required.insert(list, at: required.firstIndex { list.count < $0.count } ?? required.endIndex)
    }
}
