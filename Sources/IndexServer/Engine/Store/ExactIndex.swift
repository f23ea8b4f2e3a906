internal import P2PProtocol

/// The titles behind each exact key: a folded path, its last component, that without its extension. The keys are not
/// kept: they are made again from the name of the first title of a list.
struct ExactIndex: ~Copyable {
    private var table = IDTable()
    private(set) var postings = Postings()

    init() {}

    /// Puts a title behind each key of its folded name.
    mutating func add(_ title: TitleID, folded name: Bytes, titles: borrowing TitleTable, names: borrowing NameTable) {
        let keys = ExactName(of: name)
        add(title, key: name.span, titles, names)
        if keys.component != keys.path { add(title, key: name.span.extracting(keys.component), titles, names) }
        if keys.stem != keys.component { add(title, key: name.span.extracting(keys.stem), titles, names) }
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
        _ title: TitleID, key: Span<UInt8>, _ titles: borrowing TitleTable, _ names: borrowing NameTable
    ) {
        let hash = IDTable.hash(key)
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

    private static func isKey(_ key: Span<UInt8>, of name: Bytes) -> Bool {
        let keys = ExactName(of: name)
        return [keys.path, keys.component, keys.stem].contains {
            $0.count == key.count && name.span.extracting($0).isEqual(to: key)
        }
    }
}
