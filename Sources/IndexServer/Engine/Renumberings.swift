/// The compactions so far, and how the last of them changed the numbers of titles, so that cursors follow.
struct Renumberings {
    /// Cursors that are older than this many compactions are refused.
    private static let remembered = 4
    private var survivors: [BitSet] = []
    /// How many compactions there were.
    private(set) var epoch = 0

    mutating func note(_ set: BitSet) {
        epoch += 1
        survivors.append(set)
        if survivors.count > Self.remembered { survivors.removeFirst() }
    }

    /// The cursor in today's numbers: at the same title, or the next that is left.
    func resolve(_ cursor: Cursor) throws(Refusal) -> Cursor {
        let age = epoch - cursor.epoch
        guard age >= 0, age <= survivors.count else { throw .badCursor }
        let title = survivors.suffix(age).reduce(cursor.title) { $1.rank(of: $0) }
        return Cursor(phase: cursor.phase, title: title, epoch: epoch)
    }

    /// A title's number of today; nil when it did not survive.
    func follow(_ title: TitleID, since epoch: Int) -> TitleID? {
        let age = self.epoch - epoch
        guard age >= 0, age <= survivors.count else { return nil }
        var number = title
        for set in survivors.suffix(age) {
            guard set.contains(number) else { return nil }
            number = set.rank(of: number)
        }
        return number
    }
}
