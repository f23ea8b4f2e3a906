internal import P2PProtocol

/// The titles behind each exact key: a folded path, its last component, that without its extension. The keys are not
/// kept: they are made again from the name of the first title of a list.
struct ExactIndex: ~Copyable {
    private var table = IDTable()
    private(set) var postings = Postings()

    init() {}

    /// Puts a title behind each key of its folded name. `folded` makes the folded name of another title.
    mutating func add(_ title: TitleID, folded name: Bytes, folded: (TitleID) -> Bytes) {
        for range in ExactName(of: name).keys {
            let key = name.span.extracting(range)
            let hash = IDTable.hash(key)
            if let position = position(of: key, hash: hash, folded) {
                var list = table.number(at: position)
                postings.append(title, to: &list)
                table.replace(at: position, with: list)
            } else {
                table.insert(hash, title)
            }
        }
    }

    /// The titles one of whose keys is `key`.
    func find(_ key: Span<UInt8>, folded: (TitleID) -> Bytes) -> Postings.Reference? {
        position(of: key, hash: IDTable.hash(key), folded).map(table.number(at:))
    }

    /// The index of the titles that are left, under their new numbers.
    func compacted(_ numbers: Renumbering) -> ExactIndex {
        var index = ExactIndex()
        index.table = IDTable(reserving: table.count)
        table.forEach { hash, list in
            var survivors: [TitleID] = []
            postings.forEach(list) { title in
                if let new = numbers[title] { survivors.append(new) }
            }
            guard var reference = survivors.first else { return }
            for title in survivors { index.postings.append(title, to: &reference) }
            index.table.insert(hash, reference)
        }
        return index
    }

    private func position(of key: Span<UInt8>, hash: UInt32, _ folded: (TitleID) -> Bytes) -> Int? {
        table.position(hash) { list in
            let name = folded(postings.first(list))
            return ExactName(of: name).keys.contains { name.span.extracting($0).isEqual(to: key) }
        }
    }
}
