internal import P2PProtocol

/// The titles behind each exact key: a folded path, its last component, that without its extension. The keys are not
/// kept: they are made again from the name of the first title of a list.
struct ExactIndex: ~Copyable {
    private var table = IDTable()
    private(set) var postings = Postings()

    init() {}

    /// Puts titles behind each key of their folded names, step by step for all of them.
    mutating func add(_ new: borrowing NewTitles, titles: borrowing TitleTable, names: borrowing NameTable) {
        var entries: [NewEntry] = []
        entries.reserveCapacity(3 * new.titles.count)
        for (title, name) in new.titles {
            let keys = ExactName(of: new.folded.span.extracting(name))
            var last = 0..<0
            for key in [keys.path, keys.component, keys.stem] where key != last {
                let text = name.lowerBound + key.lowerBound..<name.lowerBound + key.upperBound
                entries.append(NewEntry(title, text, of: new.folded))
                last = key
            }
        }
        entries.sortByShard()
        entries.forEachGroup { group in
            for index in group.indices { group[index].seen = table.approach(group[index].hash) }
            for entry in group {
                add(entry.title, key: new.folded.span.extracting(entry.text), hash: entry.hash, titles, names)
            }
        }
    }

    /// The titles one of whose keys is `key`.
    func find(_ key: Span<UInt8>, folded: (TitleID) -> Bytes) -> Postings.Reference? {
        let position = table.position(IDTable.hash(key)) { list in
            Self.isKey(key, of: folded(postings.first(list)))
        }
        guard let position else { return nil }
        return table.number(at: position)
    }

    private mutating func add(
        _ title: TitleID, key: Span<UInt8>, hash: UInt32, _ titles: borrowing TitleTable, _ names: borrowing NameTable
    ) {
        let position = table.position(hash) { list in
            var name = Bytes()
            names.withBytes(titles[Int(postings.first(list))].name) { Folding.fold($0, into: &name) }
            return Self.isKey(key, of: name)
        }
        guard let position else { return table.insert(hash, title) }
        var list = table.number(at: position)
        postings.append(title, to: &list)
        table.replace(at: position, with: list)
    }

    /// Whether a text is one of the keys of a folded name.
    static func isKey(_ key: Span<UInt8>, of name: Bytes) -> Bool {
        let keys = ExactName(of: name)
        return [keys.path, keys.component, keys.stem].contains {
            $0.count == key.count && name.span.extracting($0).isEqual(to: key)
        }
    }
}
