/// Searches that were read one after the other and are answered together: under one lock, and with one wait for memory
/// where each alone would wait as often.
struct SearchBatch {
    /// The lock is held for as many steps at most.
    private static let capacity = 8

    private var searches: [Search] = []
    /// Where in the input each ends.
    private var ends: [Int] = []
    /// Where to go on reading when something has come between: what was read after it is to be read again.
    private var resumption: Int?

    var count: Int { searches.count }
    var isFull: Bool { count >= Self.capacity }

    mutating func append(_ search: Search, endingAt end: Int) {
        searches.append(search)
        ends.append(end)
    }

    subscript(index: Int) -> Search {
        _read { yield searches[index] }
        _modify { yield &searches[index] }
    }

    /// Forgets the searches: all are answered.
    mutating func removeAll() {
        searches.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    /// Forgets the searches, of which only those up to `last` have been dealt with.
    mutating func removeAll(interruptedAfter last: Int) {
        resumption = ends[last]
        removeAll()
    }

    mutating func takeResumption() -> Int? {
        defer { resumption = nil }
        return resumption
    }
}
