internal import P2PProtocol

/// The number of an interned name.
typealias NameID = UInt32

/// Every name once, by its bytes.
struct NameTable: ~Copyable {
    private var arena = Arena()
    private var starts: [UInt32] = []
    /// The newest title under each name; the others hang behind it.
    private var newestTitles: [TitleID] = []
    /// How many titles of each name are shown; LIST and CHECK know the name while there is one.
    private var shown = Counts()
    private var table = IDTable()
    /// How many names are shown.
    private(set) var shownCount = 0

    init() {}

    var count: Int { starts.count }

    func find(_ bytes: Span<UInt8>) -> NameID? { find(bytes, hash: IDTable.hash(bytes)) }

    /// The number of a name, new or old; nil when the arena is full.
    mutating func intern(_ bytes: Span<UInt8>) -> NameID? {
        let hash = IDTable.hash(bytes)
        if let known = find(bytes, hash: hash) { return known }
        guard let start = arena.appendCounted(bytes) else { return nil }
        let name = NameID(starts.count)
        starts.appendTightly(start)
        newestTitles.appendTightly(.none)
        shown.append()
        table.insert(hash, name)
        return name
    }

    func withBytes<Result>(_ name: NameID, _ body: (Span<UInt8>) throws -> Result) rethrows -> Result {
        try arena.withCounted(at: starts[Int(name)], body)
    }

    /// Has at hand what a look for a name reads first.
    func approach(_ hash: UInt32) -> UInt32 { table.approach(hash) }

    /// Has at hand what it reads then.
    func approachCandidate(_ hash: UInt32) -> UInt32 {
        guard let name = table.candidate(hash) else { return 0 }
        return newestTitles[Int(name)] ^ withBytes(name) { UInt32($0.count) }
    }

    /// Where a name's bytes stand.
    func start(of name: NameID) -> UInt32 { starts[Int(name)] }

    func bytes(_ name: NameID) -> Bytes { withBytes(name) { Bytes($0) } }

    func precedes(_ left: NameID, _ right: NameID) -> Bool {
        withBytes(left) { one in
            withBytes(right) { other in
                one.withUnsafeBufferPointer { first in
                    other.withUnsafeBufferPointer { first.lexicographicallyPrecedes($0) }
                }
            }
        }
    }

    /// The newest title under a name; `.none` when it has none.
    func newestTitle(_ name: NameID) -> TitleID { newestTitles[Int(name)] }

    mutating func link(_ title: TitleID, to name: NameID) { newestTitles[Int(name)] = title }

    /// One more of a name's titles is shown.
    mutating func show(_ name: NameID) {
        if shown.increment(name) == 1 { shownCount += 1 }
    }

    mutating func hide(_ name: NameID) {
        if shown.decrement(name) == 0 { shownCount -= 1 }
    }

    private func find(_ bytes: Span<UInt8>, hash: UInt32) -> NameID? {
        table.find(hash) { name in withBytes(name) { $0.isEqual(to: bytes) } }
    }
}
