package import P2PProtocol
internal import P2PRuntime

/// The list of wishes in the peer's state. A running peer looks at it again and again, whoever changes it.
package struct SavedWishes: Sendable {
    /// More would only be more to wait for.
    package static let most = 100

    private let list: SavedList

    /// The list that is kept in that file, which need not be there.
    package init(file: Bytes) { list = SavedList(file: file) }

    /// In the order in which they were made.
    package var wishes: [Wish] { list.entries.compactMap { Wish(line: $0) } }

    /// Adds one. The same words again are the same wish, which may now be one to fetch.
    package func add(_ query: Bytes, isFetched: Bool) throws -> Wish {
        do throws(WireError) {
            _ = try Query.parse(query)
        } catch {
            throw Misuse("that cannot be searched for: \(error.message)")
        }
        var wishes = wishes
        let old = wishes.firstIndex { $0.query == query }
        guard old != nil || wishes.count < Self.most else { throw PeerFailure("\(Self.most) wishes are enough") }
        let next = max(lastNumber, wishes.map(\.number).max() ?? 0) + 1
        let wish = Wish(number: old.map { wishes[$0].number } ?? next, query: query, isFetched: isFetched)
        if let old { wishes[old] = wish } else { wishes.append(wish) }
        try save(wishes, last: max(lastNumber, wish.number))
        return wish
    }

    /// Takes one away; nil when there is none of that number.
    package func remove(_ number: Int) throws -> Wish? {
        let wishes = wishes
        guard let wish = wishes.first(where: { $0.number == number }) else { return nil }
        try save(wishes.filter { $0.number != number }, last: max(lastNumber, number))
        return wish
    }

    /// The highest number that was ever given, which stands in the first line.
    private var lastNumber: Int { list.entries.first.flatMap { Decimal.parse($0) } ?? 0 }

    private func save(_ wishes: [Wish], last: Int) throws {
        try list.save([Bytes(decimal: last)] + wishes.map(\.line))
    }
}
