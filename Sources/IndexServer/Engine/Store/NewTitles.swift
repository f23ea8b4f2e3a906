internal import P2PProtocol

/// Titles that enter the inverted index together, with their folded names: the more they are, the less each waits for
/// memory.
struct NewTitles {
    /// More would keep everybody waiting.
    static let most: TitleID = 16_384

    private(set) var titles: [(title: TitleID, name: Range<Int>)] = []
    /// Their folded names, end to end: one buffer for all.
    private(set) var folded = Bytes()

    mutating func append(_ title: TitleID, name: Span<UInt8>) {
        let start = folded.count
        Folding.fold(name, into: &folded)
        titles.append((title, start..<folded.count))
    }
}

/// A title that is about to stand behind a word or a key.
struct NewEntry {
    let title: TitleID
    let hash: UInt32
    private let start: UInt32
    private let count: UInt32
    /// What was read only to have it at hand.
    var seen: UInt32 = 0

    init(_ title: TitleID, _ text: Range<Int>, of folded: Bytes) {
        self.title = title
        hash = IDTable.hash(folded.span.extracting(text))
        (start, count) = (UInt32(text.lowerBound), UInt32(text.count))
    }

    /// Where the word or key stands among the folded names.
    var text: Range<Int> { Int(start)..<Int(start) + Int(count) }
}

extension [NewEntry] {
    /// So few stay at hand from one step to the next.
    private static let sideBySide = 256
    /// From so many on, several meet in one shard of a table.
    private static let worthSorting = 4_096

    /// In the order of the table's shards, each of which is then visited once, and otherwise in their own.
    mutating func sortByShard() {
        guard count >= Self.worthSorting else { return }
        var places = [Int](repeating: 0, count: IDTable.shardCount + 1)
        for entry in self { places[IDTable.shard(entry.hash) + 1] += 1 }
        for shard in 1..<places.count { places[shard] += places[shard - 1] }
        var sorted = self
        for entry in self {
            let shard = IDTable.shard(entry.hash)
            sorted[places[shard]] = entry
            places[shard] += 1
        }
        self = sorted
    }

    /// Some at a time.
    func forEachGroup(_ body: (inout [NewEntry]) -> Void) {
        for start in stride(from: 0, to: count, by: Self.sideBySide) {
            var group = Array(self[start..<Swift.min(start + Self.sideBySide, count)])
            body(&group)
        }
    }
}
