/// Ascending lists of titles, one for each word or exact key. A list of one is the reference itself, so that the many
/// words that occur once cost no list.
struct Postings {
    /// A list: a title's number, or, with the high bit set, the number of a longer list.
    typealias Reference = UInt32

    private static let isList: UInt32 = 1 << 31
    private var lists: [[TitleID]] = []

    /// Adds a title that is not below the list's last; the same one twice counts once.
    mutating func append(_ title: TitleID, to reference: inout Reference) {
        guard reference & Self.isList != 0 else {
            guard reference != title else { return }
            lists.appendTightly([reference, title])
            reference = Self.isList | UInt32(lists.count - 1)
            return
        }
        let index = Int(reference & ~Self.isList)
        guard lists[index].last != title else { return }
        lists[index].appendTightly(title)
    }

    func count(_ reference: Reference) -> Int {
        reference & Self.isList == 0 ? 1 : lists[Int(reference & ~Self.isList)].count
    }

    func first(_ reference: Reference) -> TitleID {
        reference & Self.isList == 0 ? reference : lists[Int(reference & ~Self.isList)][0]
    }

    /// The list as something to walk.
    func run(_ reference: Reference) -> PostingRun {
        guard reference & Self.isList != 0 else { return PostingRun(single: reference) }
        return PostingRun(list: lists[Int(reference & ~Self.isList)])
    }
}

/// One ascending list being walked forward: it never goes back, and skips by galloping.
struct PostingRun {
    private let single: TitleID
    private let list: [TitleID]
    private var index = 0

    init(single: TitleID) {
        self.single = single
        list = []
    }

    init(list: [TitleID]) {
        single = .none
        self.list = list
    }

    /// The title of a list of one.
    var only: TitleID? { single == .none ? nil : single }

    var count: Int { single != .none ? 1 : list.count }

    /// The title that the run stands at; nil at the end.
    var current: TitleID? {
        if single != .none { return index == 0 ? single : nil }
        return index < list.count ? list[index] : nil
    }

    mutating func advance() { index += 1 }

    /// The whole list.
    func forEach(_ body: (TitleID) -> Void) {
        if single != .none { body(single) } else { list.forEach(body) }
    }

    /// Goes to the first title that is not below `title`: doubling steps, then halving ones, so that skipping far
    /// costs the logarithm of the distance.
    ///
    /// No list is denser than a title a step: what many titles share in a row is found by the first look.
    mutating func seek(_ title: TitleID) {
        guard let here = current, here < title else { return }
        guard single == .none else { return advance() }
        let densest = index + Int(title - here)
        if densest < list.count, list[densest] == title { return index = densest }
        var step = 1
        var low = index
        while low + step < list.count, list[low + step] < title {
            low += step
            step *= 2
        }
        var high = Swift.min(low + step, list.count)
        while low + 1 < high {
            let middle = (low + high) / 2
            if list[middle] < title { low = middle } else { high = middle }
        }
        index = high
    }

    /// Whether the list holds `title`, staying here.
    func holds(_ title: TitleID) -> Bool {
        if single != .none { return single == title }
        var copy = self
        return copy.contains(title)
    }

    /// Whether the list holds `title`, going there.
    mutating func contains(_ title: TitleID) -> Bool {
        seek(title)
        return current == title
    }
}
