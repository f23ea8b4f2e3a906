internal import P2PProtocol

/// A query as lists: which ones must hold a title, which must not, and what is left to ask of each title that passes.
struct SearchPlan {
    /// The shortest first.
    private(set) var required: [PostingRun] = []
    private(set) var excluded: [PostingRun] = []
    private(set) var requiredSets: [BitSet] = []
    private(set) var excludedSets: [BitSet] = []
    /// Conditions on the content rather than the name.
    var onContent: [Query.Term] = []
    /// Conditions that need the name itself: phrases.
    var onName: [Query.Term] = []
    /// The title that alone can match: a word that occurs once, as in most whole names.
    var only: TitleID? { required.first.flatMap(\.only) }

    /// Whether all lists agree on a title.
    func admits(_ title: TitleID) -> Bool {
        required.allSatisfy { $0.holds(title) } && requiredSets.allSatisfy { $0.contains(title) }
            && !excluded.contains { $0.holds(title) } && !excludedSets.contains { $0.contains(title) }
    }

    /// A list that must hold a title does not exist.
    var isHopeless = false

    init(reserving count: Int) {
        required.reserveCapacity(count)
    }

    /// Whether nothing but the lists decides.
    var isDecidedByLists: Bool { onContent.isEmpty && onName.isEmpty }

    var isUnbounded: Bool { required.isEmpty && requiredSets.isEmpty }

    /// A list that must hold a title, or must not; a missing list holds none.
    mutating func add(_ run: PostingRun?, isNegated: Bool) {
        switch (run, isNegated) {
        case (let run?, true): excluded.append(run)
        case (let run?, false): require(run)
        case (nil, true): break
        case (nil, false): isHopeless = true
        }
    }

    private mutating func require(_ run: PostingRun) {
        required.insert(run, at: required.firstIndex { run.count < $0.count } ?? required.endIndex)
    }

    mutating func add(_ set: BitSet, isNegated: Bool) {
        if isNegated { excludedSets.append(set) } else { requiredSets.append(set) }
    }
}
