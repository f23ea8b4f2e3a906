/// The titles that all lists of a plan agree on, ascending. The shortest list leads, the others are skipped through.
struct Candidates {
    /// Lists that must hold a title; the shortest first.
    private var required: [PostingRun]
    private var excluded: [PostingRun]
    private let requiredSets: [BitSet]
    private let excludedSets: [BitSet]
    /// Titles are below this.
    private let end: TitleID
    private var position: TitleID = 0

    init(_ plan: SearchPlan, with more: PostingRun? = nil, from start: TitleID, below end: Int) {
        var plan = plan
        if let more { plan.add(more, isNegated: false) }
        required = plan.required
        excluded = plan.excluded
        requiredSets = plan.requiredSets.sorted { $0.count < $1.count }
        excludedSets = plan.excludedSets
        position = start
        self.end = TitleID(end)
    }

    /// The next title, which the next call does not give again; nil at the end, or when `budget` is spent: then
    /// `resumption` says where to go on.
    mutating func next(_ budget: inout Int) -> TitleID? {
        while budget > 0 {
            budget -= 1
            guard let title = leading(), title < end else {
                position = end
                return nil
            }
            position = title
            guard follow(title) else { continue }
            position = title + 1
            if !isExcluded(title) { return title }
        }
        return nil
    }

    /// Where to go on, or nil at the end.
    var resumption: TitleID? { position < end ? position : nil }

    /// The first title from the position on that the leader has.
    private mutating func leading() -> TitleID? {
        if !required.isEmpty {
            required[0].seek(position)
            return required[0].current
        }
        guard let set = requiredSets.first else { return position }
        return set.first(from: position)
    }

    /// Whether everybody else has it too; if not, the position goes to where the next chance is.
    private mutating func follow(_ title: TitleID) -> Bool {
        for index in required.indices.dropFirst() {
            required[index].seek(title)
            guard let next = required[index].current else {
                position = end
                return false
            }
            if next != title {
                position = next
                return false
            }
        }
        for set in requiredSets where !set.contains(title) {
            position = set.first(from: title) ?? end
            return false
        }
        return true
    }

    private mutating func isExcluded(_ title: TitleID) -> Bool {
        for index in excluded.indices where excluded[index].contains(title) { return true }
        return excludedSets.contains { $0.contains(title) }
    }
}
