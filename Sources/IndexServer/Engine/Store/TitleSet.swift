/// The titles that one peer holds whole. A path stands once in a peer's list, so the set has one title of a name.
struct TitleSet {
    private var titles = NumberSet()
    private var names = NumberSet()

    var count: Int { titles.count }

    func contains(_ title: TitleID) -> Bool { titles.contains(title) }

    /// The title under a name. It is among the newer of its name's titles unless others renamed theirs since.
    func find(_ name: NameID, in catalog: borrowing Catalog) -> TitleID? {
        guard names.contains(name) else { return nil }
        var title = catalog.names.newestTitle(name)
        while title != .none, !titles.contains(title) { title = catalog.titles.nextOfName(title) }
        return title == .none ? nil : title
    }

    /// Adds a title whose name the set does not have.
    mutating func insert(_ title: TitleID, named name: NameID) {
        titles.insert(title)
        names.insert(name)
    }

    mutating func remove(_ title: TitleID, named name: NameID) {
        titles.remove(title)
        names.remove(name)
    }

    /// The first title that is not below `title`.
    func first(from title: TitleID) -> TitleID? { titles.first(from: title) }

    /// Some titles, ascending, from the first on that is not below `title`.
    func some(from title: TitleID, limit: Int) -> [TitleID] {
        var some: [TitleID] = []
        some.reserveCapacity(min(limit, count))
        var next = first(from: title)
        while let title = next, some.count < limit {
            some.append(title)
            next = title == .none ? nil : first(from: title + 1)
        }
        return some
    }

    /// In the order of creation.
    func forEach(_ body: (TitleID) -> Void) { titles.forEach(body) }

    /// In the order of creation.
    var sorted: [TitleID] {
        var all: [TitleID] = []
        all.reserveCapacity(count)
        forEach { all.append($0) }
        return all
    }
}
