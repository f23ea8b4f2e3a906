internal import P2PRuntime

/// Titles that nobody holds any more but that stay known for a while: a peer that just fetched a file tells the index
/// so even when the giver has left meanwhile.
struct DepartedTitles {
    /// How long they stay known at least.
    static let memory = Duration.seconds(120)

    private var fresh: Set<TitleID> = []
    private var ageing: Set<TitleID> = []
    private var turned = Moment(nanoseconds: 0)

    /// More than this many are not remembered: a great share that leaves is nobody's last download.
    private static let capacity = 65_536

    mutating func note(_ title: TitleID) {
        if fresh.count < Self.capacity { fresh.insert(title) }
    }

    /// Forgets what left before `now` by more than the memory. Two halves turn about, which needs no time per title.
    mutating func age(now: Moment) {
        guard now.since(turned) >= Self.memory else { return }
        (ageing, fresh) = (fresh, [])
        turned = now
    }

    func remembers(_ title: TitleID) -> Bool { fresh.contains(title) || ageing.contains(title) }

    /// Follows the titles to their new numbers.
    mutating func renumber(_ map: (TitleID) -> TitleID?) {
        fresh = Set(fresh.compactMap(map))
        ageing = Set(ageing.compactMap(map))
    }
}
