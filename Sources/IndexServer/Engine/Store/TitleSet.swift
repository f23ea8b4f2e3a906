/// The titles that one peer holds whole, by name: a path stands once in a peer's list.
struct TitleSet {
    private var table = IDTable()

    var count: Int { table.count }

    /// The title under a name.
    func find(_ name: NameID, in titles: [Title]) -> TitleID? {
        table.find(IDTable.hash(UInt64(name))) { titles[Int($0)].name == name }
    }

    func contains(_ title: TitleID, in titles: [Title]) -> Bool {
        find(titles[Int(title)].name, in: titles) == title
    }

    /// Adds a title whose name the set does not have.
    mutating func insert(_ title: TitleID, in titles: [Title]) {
        table.insert(IDTable.hash(UInt64(titles[Int(title)].name)), title)
    }

    mutating func remove(_ title: TitleID, in titles: [Title]) {
        let hash = IDTable.hash(UInt64(titles[Int(title)].name))
        guard let position = table.position(hash, where: { $0 == title }) else { return }
        table.remove(at: position)
    }

    func forEach(_ body: (TitleID) -> Void) { table.forEach { body($1) } }

    /// In the order of creation.
    var sorted: [TitleID] {
        var all: [TitleID] = []
        all.reserveCapacity(count)
        forEach { all.append($0) }
        return all.sorted()
    }

    /// The first of them in the order of creation.
    func lowest(_ limit: Int) -> [TitleID] {
        var lowest: [TitleID] = []
        forEach { title in
            if lowest.count == limit {
                guard let last = lowest.last, title < last else { return }
                lowest.removeLast()
            }
            lowest.insert(title, at: lowest.firstIndex { $0 > title } ?? lowest.endIndex)
        }
        return lowest
    }
}
