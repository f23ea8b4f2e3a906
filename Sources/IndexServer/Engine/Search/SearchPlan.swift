internal import P2PProtocol

/// A query as lists: which ones must hold a title, which must not, and what is left to ask of each title that passes.
struct SearchPlan {
    var required: [PostingRun] = []
    var excluded: [PostingRun] = []
    var requiredSets: [BitSet] = []
    var excludedSets: [BitSet] = []
    /// Conditions on the content rather than the name.
    var onContent: [Query.Term] = []
    /// Conditions that need the name itself: phrases.
    var onName: [Query.Term] = []
    /// A list that must hold a title does not exist.
    var isHopeless = false

    /// Whether nothing but the lists decides.
    var isDecidedByLists: Bool { onContent.isEmpty && onName.isEmpty }

    var isUnbounded: Bool { required.isEmpty && requiredSets.isEmpty }

    /// A list that must hold a title, or must not; a missing list holds none.
    mutating func add(_ run: PostingRun?, isNegated: Bool) {
        switch (run, isNegated) {
        case (let run?, true): excluded.append(run)
        case (let run?, false): required.append(run)
        case (nil, true): break
        case (nil, false): isHopeless = true
        }
    }

    mutating func add(_ set: BitSet, isNegated: Bool) {
        if isNegated { excludedSets.append(set) } else { requiredSets.append(set) }
    }
}
