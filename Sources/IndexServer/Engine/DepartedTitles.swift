internal import P2PRuntime

/// Titles that nobody holds any more but that stay known for a while: a peer that just fetched a file tells the index
/// so even when the giver has left meanwhile.
struct DepartedTitles {
    /// How long they stay known at least.
    static let memory = Duration.seconds(30)

    private var fresh = BitSet()
    private var ageing = BitSet()
    private var turned = Moment(nanoseconds: 0)

    /// More than this many are not remembered: a great share that leaves is nobody's last download.
    private static let capacity = 65_536

    mutating func note(_ title: TitleID) {
        if fresh.count < Self.capacity { fresh.insert(title) }
    }

    /// Forgets what left before `now` by more than the memory. Two halves turn about, which needs no time per title.
    mutating func age(now: Moment) {
        guard now.since(turned) >= Self.memory else { return }
        (ageing, fresh) = (fresh, BitSet())
        turned = now
    }

    /// Those titles and others.
    func union(_ others: BitSet) -> BitSet { others.union(fresh).union(ageing) }

    /// Follows the titles to their new numbers.
    mutating func renumber(_ number: (TitleID) -> TitleID?) {
        fresh = fresh.renumbered(number)
        ageing = ageing.renumbered(number)
    }
}

extension BitSet {
    fileprivate func renumbered(_ number: (TitleID) -> TitleID?) -> BitSet {
        var set = BitSet()
        forEach { old in number(old).map { _ = set.insert($0) } }
        return set
    }
}
